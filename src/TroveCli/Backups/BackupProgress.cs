using System.Globalization;
using System.Text.Json.Nodes;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Backups;

/// <summary>How far a backup is, or the loading of data.</summary>
internal static class BackupProgress
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB"];

    public static Sight Of(JsonNode backup) => Of(backup, backup.Text("status") ?? "unknown");

    /// <summary>How far its verification is.</summary>
    public static Sight OfVerification(JsonNode backup) => Of(backup, (backup.Text("verification"), backup.Text("verified")) switch
    {
        ({ } state, _) when backup.Text("verification_fault") is { } why => $"verification {state}; the last try ended: {why}",
        ({ } state, _) => $"verification {state}",
        (null, { } verdict) => $"verified: {verdict}",
        _ => "not verified",
    });

    /// <summary>With what the service says of how much is done.</summary>
    public static Sight Look(string state, JsonNode progress)
    {
        var (done, all) = (Number(progress, "done_bytes") ?? 0, Number(progress, "of_bytes"));
        var parts = new List<string> { all is > 0 ? $"{Bytes(done)} of {Bytes(all.Value)}" : Bytes(done) };
        if (Number(progress, "bytes_per_second") is > 0 and var rate)
        {
            parts.Add($"{Bytes(rate)}/s");
        }

        if (Number(progress, "seconds_left") is { } left)
        {
            parts.Add($"{Duration.Text(TimeSpan.FromSeconds(left))} left");
        }

        // What is written meanwhile comes on top of what was expected.
        var percent = all is > 0 ? Math.Min(99, 100 * done / all.Value) : (long?)null;
        return new Sight(state, (percent is null ? "" : $"{percent} %, ") + string.Join(", ", parts), percent / 100.0);
    }

    private static Sight Of(JsonNode backup, string status) =>
        backup["progress"] is { } progress ? Look(status, progress) : new Sight(status);

    public static string Bytes(long bytes)
    {
        var (value, unit) = ((double)bytes, 0);
        for (; value >= 1000 && unit < Units.Length - 1; unit++)
        {
            value /= 1000;
        }

        return $"{value.ToString(unit > 0 && value < 100 ? "0.0" : "0", CultureInfo.InvariantCulture)} {Units[unit]}";
    }

    private static long? Number(JsonNode progress, string name) => progress[name]?.GetValue<long>();
}
