using Spectre.Console;

namespace Dbaas.TroveCli.Output;

/// <summary>The colour of a word that says how something is.</summary>
internal static class Tint
{
    private static readonly Style Good = new(Color.Green);
    private static readonly Style Bad = new(Color.Red);
    private static readonly Style OnItsWay = new(Color.Yellow);

    public static Style Header { get; } = new(decoration: Decoration.Bold);

    public static Style Of(string cell) => cell switch
    {
        "ACTIVE" or "HEALTHY" or "COMPLETED" or "succeeded" => Good,
        "ERROR" or "FAILED" or "BLOCKED" or "failed" => Bad,
        "BUILD" or "REBOOT" or "RESIZE" or "DETACH" or "PROMOTE" or "EJECT"
            or "BACKUP" or "SHUTDOWN" or "RESTART_REQUIRED" or "RESTARTING" => OnItsWay,
        _ => Style.Plain,
    };
}
