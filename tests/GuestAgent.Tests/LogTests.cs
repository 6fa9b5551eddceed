using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Dbaas.GuestAgent.Tests.Fakes;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Channel;
using Dbaas.GuestProtocol.Commands;
using static Dbaas.GuestAgent.Tests.DispatcherHarness;

namespace Dbaas.GuestAgent.Tests;

public sealed class LogTests : IDisposable
{
    private const int LargestBody = 1024 * 1024;

    private readonly TempFolder folder = new();
    private readonly CancellationTokenSource stop = new();
    private readonly FakeDatastore datastore = new();

    public void Dispose()
    {
        stop.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task A_log_is_enabled_and_listed()
    {
        var agent = Agent([]);

        await agent.AskAsync(Envelope("c1", new EnableLog("general", true), fence: null));
        var reply = await agent.AskAsync(Envelope("c2", new ListLogs(), fence: null));

        Assert.True(Assert.Single(Read<GuestLogs>(reply).Logs).IsEnabled);
    }

    [Fact]
    public async Task A_log_that_cannot_be_compressed_is_read_in_pieces_that_each_fit_into_an_answer()
    {
        var content = RandomNumberGenerator.GetBytes((1 << 20) + 17);
        var agent = Agent(content);
        using var read = new MemoryStream();
        for (long next = 0, end = 1; next < end;)
        {
            var reply = await agent.AskAsync(Envelope($"c{next}", new ReadLog("general", next, int.MaxValue), fence: null));
            Assert.InRange(JsonSerializer.SerializeToUtf8Bytes(reply, ProtocolJson.Options).Length, 1, LargestBody);
            var text = Read<LogText>(reply);
            Assert.Equal(next, text.From);
            await using var plain = new GZipStream(new MemoryStream(text.Gzip), CompressionMode.Decompress);
            await plain.CopyToAsync(read, TestContext.Current.CancellationToken);
            (next, end) = (text.Next, text.End);
        }

        Assert.Equal(content, read.ToArray());
    }

    [Fact]
    public async Task A_log_that_there_is_not_is_not_found_and_without_logs_nothing_is()
    {
        var missing = await Agent([]).AskAsync(Envelope("c1", new ReadLog("guest", 0, 1), fence: null));
        var without = await new DispatcherHarness(folder.Path, datastore.WithoutParts(), stop)
            .AskAsync(Envelope("c2", new ListLogs(), fence: null));

        Assert.Equal(FaultKind.NotFound, missing.Fault!.Kind);
        Assert.Equal(FaultKind.Unsupported, without.Fault!.Kind);
    }

    private static T Read<T>(ReplyEnvelope reply) => reply.Body!.Value.Deserialize<T>(ProtocolJson.Options)!;

    private DispatcherHarness Agent(byte[] content) =>
        new(folder.Path, datastore.WithoutParts() with { Logs = new FakeLogs(content) }, stop);
}
