using System.Diagnostics.Metrics;
using Dbaas.Domain.Nodes;
using Microsoft.Extensions.Logging;

namespace Dbaas.Hosting.Health;

/// <summary>How far this node's clock is from the database's, as each beat of its row finds.</summary>
internal sealed class NodeClock(ILogger<NodeClock> logger)
{
    private static readonly Meter Meter = new("Dbaas.Nodes");

    private static readonly Gauge<double> Ahead = Meter.CreateGauge<double>(
        "dbaas.node.clock.ahead", "s", "How far the node's clock is ahead of the control database's.");

    private volatile string? refusal;

    /// <summary>Why the node should not serve; null: its clock is right.</summary>
    public string? Refusal => refusal;

    /// <summary>The clocks were compared.</summary>
    /// <param name="ahead">How far the node's is ahead.</param>
    public void Compared(TimeSpan ahead)
    {
        Ahead.Record(ahead.TotalSeconds);
        var (before, now) = (refusal, ClockRule.Refusal(ahead));
        refusal = now;
        if (before is null && now is not null)
        {
            logger.LogError("{Refusal} It says that it is not ready until its clock is right", now);
        }
        else if (before is not null && now is null)
        {
            logger.LogInformation("The clock of this node is right again");
        }
    }
}
