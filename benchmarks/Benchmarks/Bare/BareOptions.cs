namespace Dbaas.Benchmarks.Bare;

/// <summary>A managed server's option file, made to fit a server of our own: the same settings, other places.</summary>
internal static class BareOptions
{
    private static readonly Dictionary<string, string> Paths = new()
    {
        ["datadir"] = "data",
        ["tmpdir"] = "tmp",
        ["socket"] = "db.sock",
        ["pid_file"] = "db.pid",
        ["log_error"] = "error.log",
        ["relay_log"] = "relaylog/relay",
        ["log_bin"] = "binlog/binlog",
        ["secure_file_priv"] = "tmp",
    };

    /// <summary>The managed server's own keys; the bare pipeline goes without TLS.</summary>
    private static readonly string[] Keys = ["ssl_cert", "ssl_key", "ssl_ca"];

    public static string Text(string model, string folder, int port, int serverId)
    {
        var own = Paths.ToDictionary(pair => pair.Key, pair => Path.Combine(folder, pair.Value));
        own["bind_address"] = "127.0.0.1";
        own["report_host"] = "127.0.0.1";
        own["port"] = own["report_port"] = $"{port}";
        own["server_id"] = $"{serverId}";
        var lines = model.Split('\n').Where(line => !Keys.Contains(NameOf(line))).Select(line =>
            own.TryGetValue(NameOf(line), out var value) ? $"{NameOf(line)} = {value}" : line);
        return string.Join('\n', lines) + $"user = {Environment.UserName}\n";
    }

    /// <summary>The value of an option.</summary>
    public static string Value(string text, string name) =>
        text.Split('\n').Last(line => NameOf(line) == name).Split('=', 2)[1].Trim().Trim('"');

    private static string NameOf(string line) => line.Split('=', 2)[0].Trim();
}
