namespace Dbaas.TaskManager.Guests;

/// <summary>How the control plane deals with guests.</summary>
public sealed record GuestOptions
{
    /// <summary>How often an agent reports when nothing changes.</summary>
    public TimeSpan ReportInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a guest may go on in its role after the last that was heard of it: two reports may get lost.</summary>
    public TimeSpan Lease => ReportInterval * 3;

    /// <summary>How often to look for what other processes have written.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(1);
}
