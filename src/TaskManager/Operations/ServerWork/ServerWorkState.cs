using Dbaas.Cloud.Ports;

namespace Dbaas.TaskManager.Operations.ServerWork;

/// <summary>What work on a server remembers.</summary>
public sealed record ServerWorkState
{
    /// <summary>The plane cannot do it while the server runs.</summary>
    public bool NeedsServerStopped { get; init; }

    /// <summary>How often the server was stopped for it.</summary>
    public int Stops { get; init; }

    /// <summary>The machine's boot when it was to be rebooted; empty: its agent does not say; null: it was not asked yet.</summary>
    public string? BootBefore { get; init; }

    /// <summary>How it was asked to reboot; null: not that anybody knows.</summary>
    public RebootKind? Reboot { get; init; }
}
