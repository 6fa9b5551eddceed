namespace Dbaas.Testing;

/// <summary>An empty data directory, made once in a test program and copied then: that is quicker.</summary>
internal static class MariaDbTemplate
{
    private static readonly Lazy<Task<string>> Template = new(MakeAsync);

    /// <summary>Makes a data directory. The OS user's own root comes in by the socket without a password.</summary>
    public static async Task CopyToAsync(string data) => await Run.OrThrowAsync("cp", ["-a", await Template.Value, data]);

    private static async Task<string> MakeAsync()
    {
        var folder = Directory.CreateTempSubdirectory("dbaas-mariadb-template-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        var data = Path.Combine(folder, "data");
        await Run.OrThrowAsync(
            "mariadb-install-db",
            [
                "--no-defaults", $"--datadir={data}", "--skip-test-db", "--auth-root-authentication-method=socket",
                $"--auth-root-socket-user={Environment.UserName}", "--innodb-log-file-size=16M",
                .. Environment.IsPrivilegedProcess ? ["--user=root"] : Array.Empty<string>(),
            ]);
        return data;
    }
}
