using Dbaas.TaskManager.Engine;

namespace Dbaas.TaskManager.Operations;

/// <summary>
/// A step whose work is the compute plane's. A cloud that is away for ten minutes, or slow, delays an operation and does not end it.
/// </summary>
internal abstract class PlaneStep<TState> : Step<TState>
{
    public override TimeSpan TimeLimit => TimeSpan.FromMinutes(20);
}
