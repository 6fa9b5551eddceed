using Dbaas.Benchmarks.Running;

namespace Dbaas.Benchmarks.Bare;

/// <summary>Statements by a server's socket, as its administrator: no password.</summary>
internal static class LocalSql
{
    public static async Task<string> RunAsync(string socket, string statements, CancellationToken cancellationToken) =>
        (await Programs.RunAsync(
            "mariadb",
            ["--no-defaults", $"--socket={socket}", $"--user={Environment.UserName}", "--batch", "--skip-column-names"],
            statements,
            cancellationToken)).Output.Trim();
}
