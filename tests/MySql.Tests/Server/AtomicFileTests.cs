using System.Text;
using Dbaas.Datastores.MySql.Files;

namespace Dbaas.MySql.Tests.Server;

public sealed class AtomicFileTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly string _folder = Directory.CreateTempSubdirectory("dbaas-files-").FullName;

    /// <summary>The folder is the server's user's: it can put a link where a file was a moment ago.</summary>
    [Fact]
    public void A_link_at_the_files_place_is_replaced_and_what_it_leads_to_keeps_its_owner_and_content()
    {
        var (key, file) = (Path.Combine(_folder, "agent.key"), Path.Combine(_folder, "server.key"));
        File.WriteAllText(key, "the agent's");
        File.SetUnixFileMode(key, OwnerOnly);
        foreach (var place in new[] { file, file + ".new" })
        {
            File.CreateSymbolicLink(place, key);

            AtomicFile.Write(file, "the server's"u8, OwnerOnly, Owner);

            Assert.Null(new FileInfo(file).LinkTarget);
            Assert.Equal("the server's", File.ReadAllText(file));
            Assert.Equal("the agent's", File.ReadAllText(key));
            Assert.Equal(OwnerOf(_folder), OwnerOf(key));
            Assert.Equal(Owner ?? OwnerOf(_folder), OwnerOf(file));
        }
    }

    [Fact]
    public void A_link_at_a_folders_place_is_not_given_away()
    {
        var (mine, theirs) = (Path.Combine(_folder, "mine"), Path.Combine(_folder, "theirs"));
        Directory.CreateDirectory(mine);
        Directory.CreateSymbolicLink(theirs, mine);

        Assert.Throws<IOException>(() => OwnedFolder.Ensure(theirs, Owner ?? throw new IOException("only root gives anything away")));

        Assert.Equal(OwnerOf(_folder), OwnerOf(mine));
    }

    /// <summary>A kill in the middle leaves the old content, and the next write is not disturbed.</summary>
    [Fact]
    public void Cut_off_anywhere_the_old_content_or_the_new_is_there()
    {
        var file = Path.Combine(_folder, "record");
        AtomicFile.Write(file, "old"u8, OwnerOnly);
        foreach (var (point, left) in new[] { ("before", "old"), ("after", "new") })
        {
            CutPoint.Watch = passed =>
            {
                if (passed.StartsWith(point, StringComparison.Ordinal))
                {
                    throw new InvalidOperationException("killed");
                }
            };
            Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(file, Encoding.UTF8.GetBytes("new"), OwnerOnly));
            CutPoint.Watch = null;

            Assert.Equal(left, File.ReadAllText(file));
        }
    }

    [Fact]
    public void A_folder_that_is_removed_loses_its_name_first_and_what_a_cut_left_goes_with_the_next()
    {
        var data = Path.Combine(_folder, "data");
        Directory.CreateDirectory(data + ".leaving");
        File.WriteAllText(Path.Combine(data + ".leaving", "half"), "");
        Directory.CreateDirectory(data);

        OwnedFolder.Remove(data);

        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    /// <summary>
    /// While it is removed its user could put a link in the place of a folder in it, and have what that leads to removed as well.
    /// </summary>
    [Fact]
    public void A_folder_that_is_removed_is_nobody_elses_before_anything_in_it_goes()
    {
        var user = Owner ?? throw new InvalidOperationException("This is about root, and needs it.");
        var data = Path.Combine(_folder, "data");
        OwnedFolder.Ensure(data, user);
        var busy = Directory.CreateDirectory(Path.Combine(data, "busy")).FullName;
        Run("mount", "-t", "tmpfs", "tmpfs", busy);
        try
        {
            // It gets no further than this.
            Assert.Throws<IOException>(() => OwnedFolder.Remove(data));

            Assert.Equal(0, OwnerOf(data + ".leaving"));
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(data + ".leaving"));
        }
        finally
        {
            Run("umount", Path.Combine(data + ".leaving", "busy"));
        }

        OwnedFolder.Remove(data);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static int? Owner => Environment.IsPrivilegedProcess ? 64001 : null;

    private static void Run(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private static int OwnerOf(string path)
    {
        using var stat = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("stat", ["--format=%u", path]) { RedirectStandardOutput = true })!;
        return int.Parse(stat.StandardOutput.ReadToEnd(), System.Globalization.CultureInfo.InvariantCulture);
    }
}
