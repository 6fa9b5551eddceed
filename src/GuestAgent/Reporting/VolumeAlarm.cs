using Dbaas.GuestAgent.Events;
using Dbaas.GuestProtocol.Reports;

namespace Dbaas.GuestAgent.Reporting;

/// <summary>Says once that the volume fills up, well before it is full, and once more when it nearly is.</summary>
internal sealed class VolumeAlarm(IGuestEvents events)
{
    /// <summary>In percent.</summary>
    private static readonly int[] Marks = [80, 95];

    /// <summary>So much less, and it may be said again.</summary>
    private const int Below = 5;

    private int said;

    public void Look(VolumeUse use)
    {
        if (use.TotalBytes <= 0)
        {
            return;
        }

        var percent = (int)(100 * (decimal)use.UsedBytes / use.TotalBytes);
        var reached = Marks.Count(mark => percent >= mark);
        if (reached > said)
        {
            events.Add(
                "volume-filling",
                $"{percent} % of the volume is used: {Megabytes(use.UsedBytes)} of {Megabytes(use.TotalBytes)} MB. A larger volume "
                + "(resize-volume), or less data: when it is full, the database takes no more writes.");
            said = reached;
        }
        else if (said > 0 && percent < Marks[said - 1] - Below)
        {
            said = reached;
        }
    }

    private static long Megabytes(long bytes) => bytes / (1024 * 1024);
}
