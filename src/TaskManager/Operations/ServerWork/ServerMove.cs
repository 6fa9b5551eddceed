using Dbaas.Cloud.Ports;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Servers;

namespace Dbaas.TaskManager.Operations.ServerWork;

/// <summary>A server gets another size or another host, and waits to be told that it may stay so. Going back takes it back.</summary>
internal abstract class ServerMove(ICompute compute) : PlaneStep<ServerWorkState>
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    public override TimeSpan TimeLimit => TimeSpan.FromMinutes(30);

    public override async Task<StepOutcome<ServerWorkState>> EnsureAsync(
        StepContext context, ServerWorkState state, CancellationToken cancellationToken)
    {
        var server = await BeginAsync(context, cancellationToken);
        await context.WriteAsync(unit => ServerRows.Save(unit, SeenServer.Of(server, context.Now)), cancellationToken);
        return server.State switch
        {
            CloudServerState.AwaitsConfirmation => Done(state),
            CloudServerState.Active when IsFinal(context, server) => Done(state),
            CloudServerState.Building => NotYet(state, LookAgain),
            _ => Failed($"The server's {Name} was refused: {server.Detail ?? "the compute plane does not say why"}."),
        };
    }

    public override async Task<UndoOutcome> UndoAsync(StepContext context, ServerWorkState state, CancellationToken cancellationToken) =>
        await compute.RevertResizeAsync(context.Operation.InstanceId, cancellationToken)
            && await compute.StartServerAsync(context.Operation.InstanceId, cancellationToken)
                ? new UndoOutcome.Done()
                : new UndoOutcome.NotYet(LookAgain);

    /// <summary>It is there already, for good: some clouds confirm by themselves.</summary>
    protected virtual bool IsFinal(StepContext context, Server server) => false;

    /// <summary>Begins it, or goes on with it.</summary>
    protected abstract Task<Server> BeginAsync(StepContext context, CancellationToken cancellationToken);
}
