using System.CommandLine;
using System.Text.Json.Nodes;
using Dbaas.TroveCli.Commands;

namespace Dbaas.TroveCli.Backups;

/// <summary>How many backups of a schedule are full, and which are kept.</summary>
internal sealed class ScheduleRules
{
    public Option<int?> FullEvery { get; } = Parts.Number("full-every", "n", "With --incremental: one of so many backups is full (7).");

    public Option<int?> KeepLast { get; } = Parts.Number("keep-last", "n", "Keep the newest so many.");

    public Option<int?> KeepDays { get; } = Parts.Number("keep-days", "days", "Keep those of so many days.");

    /// <summary>What was given; 0 takes a limit away.</summary>
    public void AddTo(JsonObject schedule, Call call)
    {
        if (call.Get(FullEvery) is { } full)
        {
            schedule["full_every"] = full;
        }

        foreach (var (name, option) in new[] { ("keep_last", KeepLast), ("keep_days", KeepDays) })
        {
            if (call.Get(option) is { } limit)
            {
                schedule[name] = limit == 0 ? null : limit;
            }
        }
    }
}
