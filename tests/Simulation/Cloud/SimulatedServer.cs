using Dbaas.Cloud.Ports;
using Dbaas.Simulation.Guests;

namespace Dbaas.Simulation.Cloud;

internal sealed class SimulatedServer(SimulatedGuest guest, DateTimeOffset activeAt, bool fails)
{
    public SimulatedGuest Guest => guest;

    public DateTimeOffset? GoneAt { get; set; }

    public SimulatedServer Copy(SimulatedGuest copiedGuest) => new(copiedGuest, activeAt, fails) { GoneAt = GoneAt };

    public CloudServerState State(VirtualClock clock) => (GoneAt, fails) switch
    {
        ({ }, _) => CloudServerState.Stopped,
        _ when clock.GetUtcNow() < activeAt => CloudServerState.Building,
        (_, true) => CloudServerState.Error,
        _ => CloudServerState.Active,
    };

    public Server ToServer(string key, VirtualClock clock) =>
        new(key, "server-" + key, State(clock), fails ? "no host has room" : null, []);
}
