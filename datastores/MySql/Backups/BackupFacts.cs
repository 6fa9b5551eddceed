using System.Globalization;
using System.Text.RegularExpressions;
using Dbaas.Datastores.MySql.Connections;

namespace Dbaas.Datastores.MySql.Backups;

/// <summary>What the backup tool says of its run, in the files that it leaves beside the stream.</summary>
internal sealed partial record BackupFacts(long FromLsn, long ToLsn, string? Gtid)
{
    /// <param name="folder">Given to it as <c>--extra-lsndir</c>.</param>
    public static BackupFacts Read(string folder) =>
        Parse(
            TextOf(folder, "xtrabackup_checkpoints", "mariadb_backup_checkpoints"),
            TextOf(folder, "xtrabackup_info", "mariadb_backup_info"));

    public static BackupFacts Parse(string checkpoints, string info)
    {
        var gtid = GtidIn().Match(info).Groups[1].Value;
        return new BackupFacts(Number(checkpoints, "from_lsn"), Number(checkpoints, "to_lsn"), gtid.Length > 0 ? gtid : null);
    }

    private static long Number(string text, string name) =>
        text.Split('\n').Select(line => line.Split('=', 2, StringSplitOptions.TrimEntries)).FirstOrDefault(pair => pair[0] == name)
            is [_, var value]
            ? long.Parse(value, CultureInfo.InvariantCulture)
            : throw Faults.Transient($"The backup tool did not say its {name}.");

    private static string TextOf(string folder, params string[] names) =>
        names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists) is { } path
            ? File.ReadAllText(path)
            : throw Faults.Transient("The backup tool did not say what it wrote.");

    [GeneratedRegex("GTID of the last change '([^']*)'")]
    private static partial Regex GtidIn();
}
