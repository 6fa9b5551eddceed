namespace Dbaas.Persistence.Signals;

/// <summary>
/// Carries signals to the other nodes, which hand what arrives to <see cref="ControlSignals.Heard"/>. What is lost costs others the time
/// until they look by themselves, and nothing else.
/// </summary>
public interface IRemoteSignals
{
    /// <summary>Tells the other nodes. Never waits, and never throws: the caller has committed already.</summary>
    void Tell(SignalKind kind, string key);
}
