using System.Diagnostics;

namespace Dbaas.Testing.Services;

/// <summary>An ordinary MySQL connection: Debian's own client program.</summary>
public static class Sql
{
    /// <summary>Runs statements.</summary>
    /// <returns>The rows, tab-separated, without a header.</returns>
    /// <exception cref="SqlFailedException">With what the client said.</exception>
    public static Task<string> RunAsync(string host, string user, string password, string statements) => RunAsync(
        $"host={host}\nuser={Quote(user)}\npassword={Quote(password)}\nprotocol=tcp\nconnect-timeout=10\ndefault-character-set=utf8mb4\n",
        statements);

    /// <summary>Runs statements as root over a socket.</summary>
    public static Task<string> RunLocallyAsync(string socket, string statements) => RunAsync($"socket={socket}\nuser=root\n", statements);

    // As an option file is read: between quotes, with a backslash for what would end the line or the value.
    private static string Quote(string value)
    {
        var escaped = value.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n").Replace("\r", "\\r").Replace("\t", "\\t");
        return $"\"{escaped}\"";
    }

    private static async Task<string> RunAsync(string clientOptions, string statements)
    {
        var options = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await File.WriteAllTextAsync(options, "[client]\n" + clientOptions);
        try
        {
            using var client = Process.Start(new ProcessStartInfo("mariadb")
            {
                ArgumentList = { $"--defaults-file={options}", "--batch", "--skip-column-names" },
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var output = client.StandardOutput.ReadToEndAsync();
            var error = client.StandardError.ReadToEndAsync();
            await client.StandardInput.WriteAsync(statements);
            client.StandardInput.Close();
            await client.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(120));
            return client.ExitCode == 0 ? (await output).TrimEnd('\n') : throw new SqlFailedException(await error);
        }
        finally
        {
            File.Delete(options);
        }
    }
}

/// <summary>The server refused a statement.</summary>
public sealed class SqlFailedException(string message) : Exception(message);
