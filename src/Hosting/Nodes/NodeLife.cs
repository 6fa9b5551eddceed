using Dbaas.Domain.Nodes;
using Dbaas.Hosting.Health;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dbaas.Hosting.Nodes;

/// <summary>
/// The node's row: there before anything else of the program starts, kept fresh, and gone after all else has stopped. A process that finds
/// its name taken was taken for dead, and ends.
/// </summary>
internal sealed class NodeLife(
    Node node,
    NodeSeat seat,
    TimeSpan unready,
    NodeClock clock,
    IDatabase database,
    IHostApplicationLifetime program,
    TimeProvider time,
    ILogger<NodeLife> logger)
    : BackgroundService, IHostedLifecycleService
{
    private bool isIn;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await database.WriteAsync(NodeRows.ForgetOld, cancellationToken);
        if (!await EnterAsync(cancellationToken))
        {
            var other = await database.ReadAsync(unit => NodeRows.Find(unit, node.Program, node.Name), cancellationToken);
            throw new InvalidDataException(
                $"Another {node.Program} of the name {node.Name} is alive{(other?.Address is { } at ? $" at {at}" : "")}: give each node "
                + $"a NodeName of its own. (One that was killed is taken for dead after {Node.DeadAfter.TotalSeconds:0} s.)");
        }

        isIn = true;
        logger.LogInformation(
            "{Program} {Version} is the node {Name}; clients: {Address}; guests: {Gateway}",
            node.Program, node.Version, node.Name, node.Address ?? "none", node.Gateway ?? "none");
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Before anything stops: load balancers are given time to see that it will.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        logger.LogInformation("The node {Name} was told to stop", node.Name);
        await Task.Delay(unready, time, cancellationToken);
    }

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (!isIn)
        {
            return;
        }

        try
        {
            await database.WriteAsync(unit => NodeRows.Leave(unit, node.Program, node.Name, seat.Id), cancellationToken);
        }
        catch (Exception e)
        {
            logger.LogWarning(e, "The node {Name} could not sign off; it counts as dead in a while", node.Name);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Node.BeatEvery, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var (hasBeaten, ahead) = await database.WriteAsync(Beat, stoppingToken);
                isIn = hasBeaten || await EnterAsync(stoppingToken);
                clock.Compared(ahead);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning(e, "The node {Name} could not say that it is alive", node.Name);
                continue;
            }

            if (!isIn)
            {
                logger.LogCritical("Another process has taken over the name {Name}: this one ends", node.Name);
                program.StopApplication();
                return;
            }
        }
    }

    private (bool HasBeaten, TimeSpan Ahead) Beat(IUnit unit)
    {
        var hasBeaten = NodeRows.Beat(unit, node.Program, node.Name, seat.Id);
        var said = DateTimeOffset.FromUnixTimeMilliseconds(ControlPlaneRows.Now(unit));
        return (hasBeaten, time.GetUtcNow() - said);
    }

    private Task<bool> EnterAsync(CancellationToken cancellationToken) =>
        database.WriteIfAsync(unit => NodeRows.TryEnter(unit, node, seat.Id), entered => entered, cancellationToken);
}
