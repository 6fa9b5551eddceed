using Dbaas.Domain.Guests;

namespace Dbaas.TaskManager.Guests;

/// <summary>What of a report moves all the time: it is written when it has moved by as much as anybody would look at.</summary>
internal static class ReportFigures
{
    private const int PartsOfVolume = 200;

    /// <summary>Whether what is written is not what is so.</summary>
    public static bool Differ(GuestState written, GuestState now) =>
        written.VolumeTotal != now.VolumeTotal
        || written.IsVolumeFull != now.IsVolumeFull
        || (written.VolumeUsed is null) != (now.VolumeUsed is null)
        || Math.Abs((written.VolumeUsed - now.VolumeUsed) ?? 0) * PartsOfVolume > (now.VolumeTotal ?? 0)
        || Seconds(written.LagSeconds) != Seconds(now.LagSeconds)
        || written.Jobs != now.Jobs;

    private static double? Seconds(double? lag) => lag is { } seconds ? Math.Round(seconds) : null;
}
