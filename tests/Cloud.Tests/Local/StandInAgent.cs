namespace Dbaas.Cloud.Tests.Local;

/// <summary>
/// A stand-in for the agent that needs one static program (Debian's busybox-static), so that it also runs inside the smallest image. Its
/// "database" is a web server on port 7000 that shows the volume, outlives the agent, and is adopted by the next one.
/// </summary>
internal static class StandInAgent
{
    public const int Port = 7000;
    public const string Busybox = "/bin/busybox";

    private const string Script =
        """
        #!/bin/busybox sh
        # $1 is --bootstrap, $2 the file: wait for it, ten seconds at most.
        b=/bin/busybox
        n=0
        while [ ! -f "$2" ]; do
            n=$((n+1)); [ $n -gt 100 ] && exit 1
            $b usleep 100000
        done
        value() { $b sed -n "s/.*\"$1\": *\"\{0,1\}\([^\",]*\).*/\1/p" "$2"; }
        address=$(value address "$2"); volume=$(value volume_path "$2"); state=$(value state_path "$2")
        echo "$address" >> "$state/starts"
        if [ ! -f "$volume/index.html" ]; then echo "I am $address" > "$volume/index.html"; fi
        $b httpd -p "$address:7000" -h "$volume"
        if [ -f /etc/image ]; then $b cat /etc/image > "$state/image"; fi
        if echo x > /in-root; then echo yes > "$state/root-writable"; else echo no > "$state/root-writable"; fi 2>/dev/null
        hog=$(value hog "$2")
        if [ -n "$hog" ]; then $b dd if=/dev/zero of=/dev/null bs="$hog" count=1; echo $? > "$state/hog"; fi
        while :; do $b sleep 1000; done
        """;

    /// <summary>Writes it into a folder of its own.</summary>
    public static string WriteTo(string folder)
    {
        Assert.True(File.Exists(Busybox), "These tests need Debian's package busybox-static.");
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, "agent");
        File.WriteAllText(file, Script.ReplaceLineEndings("\n"));
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return file;
    }

    /// <summary>A root file system with nothing but what the agent needs.</summary>
    public static string WriteImageTo(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "bin"));
        Directory.CreateDirectory(Path.Combine(folder, "etc"));
        File.Copy(Busybox, Path.Combine(folder, "bin/busybox"));
        File.WriteAllText(Path.Combine(folder, "etc/image"), "the small image");
        return folder;
    }
}
