using System.Text;

namespace Dbaas.TroveCli.Connect;

/// <summary>Who logs in where. A class: a record would print its password.</summary>
internal sealed class EngineLogin
{
    public required string Host { get; init; }

    public required string Port { get; init; }

    public required string User { get; init; }

    /// <summary>PEM. The server shows this one, or it is another.</summary>
    public required string Certificate { get; init; }

    public required string? Database { get; init; }

    public string Password { get; set; } = "";

    /// <summary>An option file for the engine's client. Nothing of it is ever on a command line.</summary>
    /// <param name="certificateFile">Where the certificate lies.</param>
    /// <param name="isMariaDb">Of which of the two the client is: they call the same differently.</param>
    public string ToOptions(string certificateFile, bool isMariaDb)
    {
        var lines = new List<string>
        {
            "[client]",
            "protocol=TCP",
            $"host={Quoted(Host)}",
            $"port={Port}",
            $"user={Quoted(User)}",
            $"password={Quoted(Password)}",
            "default-character-set=utf8mb4",
            $"ssl-ca={Quoted(certificateFile)}",
            isMariaDb ? "ssl-verify-server-cert" : "ssl-mode=VERIFY_CA",
        };
        if (Database is not null)
        {
            lines.AddRange([isMariaDb ? "[client-mariadb]" : "[mysql]", $"database={Quoted(Database)}"]);
        }

        return string.Join('\n', lines) + "\n";
    }

    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            quoted.Append(c switch
            {
                '\\' => @"\\",
                '"' => "\\\"",
                '\n' => @"\n",
                '\r' => @"\r",
                '\t' => @"\t",
                _ => c.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }
}
