namespace Dbaas.Datastores.MySql.Files;

/// <summary>
/// Where an agent may be killed: before and after each write of a record, and before each statement. Tests end it there; then nothing that
/// it would still have done happens, as after a kill.
/// </summary>
internal static class CutPoint
{
    private static readonly AsyncLocal<Action<string>?> Watcher = new();

    /// <summary>Called at each point of the calls that are made from here; it throws where they are to end.</summary>
    public static Action<string>? Watch
    {
        get => Watcher.Value;
        set => Watcher.Value = value;
    }

    public static void Pass(string point) => Watcher.Value?.Invoke(point);
}
