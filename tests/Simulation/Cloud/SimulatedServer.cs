using Dbaas.Cloud.Ports;
using Dbaas.Simulation.Guests;

namespace Dbaas.Simulation.Cloud;

internal sealed class SimulatedServer(ServerSpec spec, SimulatedGuest guest, DateTimeOffset activeAt, bool fails)
{
    public SimulatedGuest Guest => guest;

    /// <summary>What it was made from.</summary>
    public ServerSpec Spec => spec;

    /// <summary>Its host is dead, and the cloud knows it.</summary>
    public bool HostIsDead { get; set; }

    /// <summary>The evacuation that brought it here; null: none.</summary>
    public string? Evacuation { get; set; }

    public DateTimeOffset? GoneAt { get; set; }

    public bool Stopped { get; set; }

    /// <summary>It was switched off, and is not heard until it is started.</summary>
    public bool IsFenced { get; set; }

    /// <summary>It was asked to, and has not gone down yet.</summary>
    public bool IsRebooting { get; set; }

    public required string FlavorId { get; set; }

    /// <summary>The size to go back to; null: no resize waits to be confirmed.</summary>
    public string? OldFlavorId { get; set; }

    public int Build { get; init; } = 1;

    public SimulatedServer Copy(SimulatedGuest copiedGuest) => new(spec, copiedGuest, activeAt, fails)
    {
        GoneAt = GoneAt, Stopped = Stopped, IsFenced = IsFenced, FlavorId = FlavorId, OldFlavorId = OldFlavorId, Build = Build,
        HostIsDead = HostIsDead, Evacuation = Evacuation,
    };

    public CloudServerState State(VirtualClock clock) => (GoneAt, fails) switch
    {
        ({ }, _) => CloudServerState.Stopped,
        _ when clock.Steady < activeAt => CloudServerState.Building,
        (_, true) => CloudServerState.Error,
        _ when Stopped => CloudServerState.Stopped,
        _ when OldFlavorId is not null => CloudServerState.AwaitsConfirmation,
        _ => CloudServerState.Active,
    };

    public Server ToServer(string key, VirtualClock clock) => new()
    {
        Key = key,
        Id = "server-" + key,
        State = State(clock),
        FlavorId = FlavorId,
        Build = Build,
        Detail = fails ? "no host has room" : null,
    };
}
