using Dbaas.GuestProtocol.Reports;
using Dbaas.TaskManager.Guests;
using Dbaas.Testing.Metrics;

namespace Dbaas.TaskManager.Tests.Guests;

public sealed class GuestFiguresTests
{
    private const string Tag = "dbaas.instance.id";

    [Fact]
    public async Task What_an_agent_reports_is_told_by_instance_until_it_is_silent()
    {
        using var record = new MeterRecord(GuestFigures.Name);
        await using var node = await GatewayNode.StartAsync();
        var id = $"{await node.InstanceAsync()}-{Guid.CreateVersion7(TimeProvider.System.GetUtcNow())}";
        await node.ReportAsync(id, report => report with
        {
            Volume = new VolumeUse(1000, 250),
            Replication = new ReplicationReport { SourceHost = "10.0.0.1", LagSeconds = 1.5 },
            Figures = new ServerFigures(7, 12345),
        });

        Assert.Equal(1.5, Last("dbaas.instance.replication.lag"));
        Assert.Equal(1000, Last("dbaas.instance.volume.size"));
        Assert.Equal(250, Last("dbaas.instance.volume.used"));
        Assert.Equal(7, Last("dbaas.instance.connections"));
        Assert.Equal(12345, Last("dbaas.instance.queries"));

        node.Clock.Advance(GatewayNode.Options.SilentAfter * 2);
        var told = record.Of("dbaas.instance.connections", Tag, id).Count;
        Assert.Equal(told, record.Of("dbaas.instance.connections", Tag, id).Count);

        double Last(string instrument) => record.Of(instrument, Tag, id)[^1].Value;
    }

    [Fact]
    public async Task What_is_not_known_is_not_told()
    {
        using var record = new MeterRecord(GuestFigures.Name);
        await using var node = await GatewayNode.StartAsync();
        var id = $"{await node.InstanceAsync()}-{Guid.CreateVersion7(TimeProvider.System.GetUtcNow())}";

        await node.ReportAsync(id, report => report with { Volume = new VolumeUse(1000, 250) });

        Assert.NotEmpty(record.Of("dbaas.instance.volume.size", Tag, id));
        Assert.Empty(record.Of("dbaas.instance.replication.lag", Tag, id));
        Assert.Empty(record.Of("dbaas.instance.queries", Tag, id));
    }
}
