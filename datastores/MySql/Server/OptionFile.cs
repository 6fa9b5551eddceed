using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Files;

namespace Dbaas.Datastores.MySql.Server;

/// <summary>The server's option file as text: what flavors suggest, then the user's parameters, then what the service depends on.</summary>
internal static partial class OptionFile
{
    private const int ServiceConnections = 6;

    /// <summary>What goes into the file.</summary>
    /// <param name="Address">To listen on, and named to peers.</param>
    /// <param name="UserAddresses">To listen on too.</param>
    /// <param name="Port">To listen on.</param>
    /// <param name="MemoryMb">For server and agent.</param>
    /// <param name="Cpus">Processors.</param>
    /// <param name="Settings">What was asked for.</param>
    /// <param name="Member">The state within a set.</param>
    /// <param name="KeepsLog">The server removes nothing of its log by itself.</param>
    internal sealed record Input(
        string Address, IReadOnlyList<string> UserAddresses, int Port, int MemoryMb, int Cpus, ServerSettings Settings, MemberState Member,
        bool KeepsLog = false)
    {
        /// <summary>The logs for people that are written.</summary>
        public EnabledLogs Logs { get; init; } = EnabledLogs.None;
    }

    /// <summary>A size as option files write it, in bytes.</summary>
    public static string SizeOf(string value) =>
        value.Length > 1 && char.ToUpperInvariant(value[^1]) == 'K' && long.TryParse(value[..^1], out var kilobytes)
            ? $"{kilobytes * 1024}"
            : value;

    public static string Render(Flavor flavor, ServerLayout layout, Input input)
    {
        var text = new StringBuilder()
            .Append("# Written by the guest agent. Later lines win: defaults, the configuration group, what the service depends on.\n")
            .Append('[').Append(flavor.ServerProgram).Append("]\n");
        foreach (var (name, value) in Lines(flavor, layout, input))
        {
            text.Append(name).Append(" = ").Append(Quoted(value)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>What counts of it.</summary>
    public static IReadOnlyDictionary<string, string> Values(Flavor flavor, ServerLayout layout, Input input)
    {
        var values = new Dictionary<string, string>();
        foreach (var (name, value) in Lines(flavor, layout, input))
        {
            values[name] = value;
        }

        return values;
    }

    private static IEnumerable<(string Name, string Value)> Lines(Flavor flavor, ServerLayout layout, Input input) =>
    [
        .. Defaults(input, MemoryPlan.For(input.MemoryMb, flavor.EngineMb)),
        .. flavor.Defaults(input),
        .. input.Settings.Configuration.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(Checked),
        .. Fixed(layout, input),
        .. flavor.Fixed(layout, input),
        .. input.Member.Shape.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(Checked),
    ];

    private static IEnumerable<(string, string)> Defaults(Input input, MemoryPlan plan) =>
    [
        ("innodb_buffer_pool_size", $"{plan.BufferPoolMb}M"),
        ("innodb_data_file_path", "ibdata1:10M:autoextend"),
        ("innodb_file_per_table", "1"),
        ("innodb_log_buffer_size", input.MemoryMb < 512 ? "8M" : "25M"),
        ("key_buffer_size", $"{plan.KeyBufferMb}M"),
        ("max_allowed_packet", $"{plan.MaxPacketMb}M"),
        ("max_connections", $"{plan.MaxConnections}"),

        // One account alone cannot keep the service's own out: slaves, and the backup tool.
        ("max_user_connections", $"{Math.Max(1, MaxConnections(input, plan) - ServiceConnections)}"),
        ("max_heap_table_size", $"{plan.TemporaryTableMb}M"),
        ("tmp_table_size", $"{plan.TemporaryTableMb}M"),
        ("table_open_cache", $"{plan.TableCache}"),
        ("table_definition_cache", $"{Math.Max(400, plan.TableCache)}"),
        ("thread_cache_size", $"{Math.Max(4, input.MemoryMb / 128)}"),
        ("connect_timeout", "15"),
        ("join_buffer_size", "1M"),
        ("sort_buffer_size", "1M"),
        ("read_buffer_size", "512K"),
        ("read_rnd_buffer_size", "512K"),
        ("default_storage_engine", "innodb"),
        ("character_set_server", "utf8mb4"),
        ("local_infile", "0"),

        // As Trove: what takes longer is in the slow query log.
        ("long_query_time", "1"),

        // Only whole files are removed, and the engine's own 1 GB is a small volume.
        ("max_binlog_size", "64M"),
    ];

    private static IEnumerable<(string, string)> Fixed(ServerLayout layout, Input input) =>
    [
        ("datadir", layout.Data),
        ("tmpdir", layout.Temporary),
        ("socket", layout.Socket),
        ("pid_file", layout.PidFile),
        ("log_error", layout.ErrorLog),
        .. LogLines(layout, input.Logs),
        ("bind_address", string.Join(',', input.UserAddresses.Prepend(input.Address).Distinct())),
        ("port", $"{input.Port}"),
        ("ssl_cert", layout.ServerCertificate),
        ("ssl_key", layout.ServerKey),
        ("server_id", $"{input.Settings.ServerId}"),
        ("skip_name_resolve", "1"),
        ("report_host", input.Address),
        ("report_port", $"{input.Port}"),

        // Nobody is shown it; the server that was started with this file says so by it.
        .. input.Settings.Mark is { } mark ? [("report_user", mark)] : Array.Empty<(string, string)>(),
        ("relay_log", Path.Combine(layout.RelayLog, "relay")),

        // What was received is applied, also after the server ended in the middle: its master may be gone.
        ("relay_log_recovery", "0"),
        ("relay_log_purge", "1"),
        ("read_only", input.Member.ReadOnly ? "1" : "0"),
        .. input.Member.ReadOnly ? [(ScheduledEvents.Scheduler, "OFF")] : Array.Empty<(string, string)>(),
        .. input.KeepsLog ? [("binlog_expire_logs_seconds", "0")] : Array.Empty<(string, string)>(),
    ];

    private static IEnumerable<(string, string)> LogLines(ServerLayout layout, EnabledLogs enabled) =>
    [
        ("log_output", "FILE"),
        .. LogKind.Chosen.SelectMany(kind => new[]
        {
            (kind.Switch!, enabled.Has(kind) ? "1" : "0"), (kind.FileOption, Path.Combine(layout.Logs, kind.FileName)),
        }),
    ];

    private static int MaxConnections(Input input, MemoryPlan plan) =>
        input.Settings.Configuration.TryGetValue("max_connections", out var asked)
        && int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : plan.MaxConnections;

    private static (string, string) Checked(KeyValuePair<string, string> parameter)
    {
        if (!ParameterName().IsMatch(parameter.Key) || parameter.Value.Any(char.IsControl))
        {
            throw Faults.Precondition($"'{parameter.Key}' is not a parameter that can be written to the server's configuration.");
        }

        return (parameter.Key, parameter.Value);
    }

    /// <summary>In an option file # begins a comment, the ends are trimmed, and a backslash escapes.</summary>
    private static string Quoted(string value) =>
        value.All(c => char.IsAsciiLetterOrDigit(c) || "_-+./:,%@".Contains(c, StringComparison.Ordinal))
            ? value
            : $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_.-]{0,63}\z")]
    private static partial Regex ParameterName();
}
