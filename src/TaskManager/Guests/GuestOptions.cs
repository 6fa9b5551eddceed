namespace Dbaas.TaskManager.Guests;

/// <summary>How the control plane deals with guests.</summary>
public sealed record GuestOptions
{
    /// <summary>How often an agent reports when nothing changes.</summary>
    public TimeSpan ReportInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often to look for what other processes have written.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(1);
}
