using System.Security.Cryptography;
using System.Text.Json;
using Dbaas.Datastores.Contract;
using Dbaas.GuestAgent.Channel;
using Dbaas.GuestAgent.Tests.Fakes;
using Dbaas.GuestAgent.Upgrade;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Channel;
using Dbaas.GuestProtocol.Commands;
using Dbaas.TaskManager.Guests.Releases;
using Dbaas.Testing;

namespace Dbaas.GuestAgent.Tests.Upgrade;

/// <summary>An agent is told to upgrade, over a real channel: up to where another program would be started.</summary>
public sealed class FetchTests : IDisposable
{
    private const string Instance = "0198c0de-0000-7000-8000-000000000001";
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(2);
    private static readonly byte[] Program = RandomNumberGenerator.GetBytes(3 << 20);

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_release_is_fetched_whole_into_the_free_slot_and_the_agent_ends_without_an_answer()
    {
        await using var gateway = await GatewayAsync();
        var bootstrap = Bootstrap(gateway);
        await using var agent = new RunningAgent(bootstrap, new FakeDatastore());

        gateway.Directory.Send(Instance, DispatcherHarness.Envelope("c1", Command()));

        await agent.Ended.WaitAsync(Soon, TestContext.Current.CancellationToken);
        var slots = new Slots(bootstrap.StatePath);
        Assert.Equal(new SlotRecord { Candidate = new Candidate(new SlotRelease("a", "2"), "u1", 60) }, slots.Read());
        Assert.Equal(Program, await File.ReadAllBytesAsync(slots.PathOf("a"), TestContext.Current.CancellationToken));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(slots.PathOf("a")));
        Assert.Empty(gateway.Directory.Replies);
    }

    [Theory]
    [InlineData("the file was changed since", "its hash is", FaultKind.Permanent)]
    [InlineData("the gateway has another release", "503", FaultKind.Transient)]
    [InlineData("it is larger than it should be", "more than", FaultKind.Permanent)]
    [InlineData("it has a size that cannot be", "cannot be one", FaultKind.Permanent)]
    public async Task What_is_not_the_release_that_was_named_is_refused_and_the_agent_goes_on(string trouble, string words, FaultKind kind)
    {
        await using var gateway = await GatewayAsync();
        var bootstrap = Bootstrap(gateway);
        await using var agent = new RunningAgent(bootstrap, new FakeDatastore());
        var command = Command();
        switch (trouble)
        {
            case "the file was changed since":
                await File.WriteAllBytesAsync(
                    folder.Below("release"), RandomNumberGenerator.GetBytes(Program.Length), TestContext.Current.CancellationToken);
                break;
            case "the gateway has another release":
                command = command with { Sha256 = new string('a', 64) };
                break;
            case "it is larger than it should be":
                command = command with { Size = Program.Length - 1 };
                break;
            default:
                command = command with { Size = 1L << 40 };
                break;
        }

        gateway.Directory.Send(Instance, DispatcherHarness.Envelope("c1", command));

        var replies = await Eventually.SeeAsync("a reply", Soon, () => Task.FromResult(gateway.Directory.Replies), all => all.Count > 0);
        var reply = replies[0].Reply;
        Assert.Equal((Outcome.Failed, kind), (reply.Outcome, reply.Fault!.Kind));
        Assert.Contains(words, reply.Fault.Message, StringComparison.Ordinal);
        var slots = new Slots(bootstrap.StatePath);
        Assert.Equal(new SlotRecord(), slots.Read());
        Assert.True(
            !Directory.Exists(Path.GetDirectoryName(slots.PathOf("a")))
            || Directory.GetFiles(Path.GetDirectoryName(slots.PathOf("a"))!).Length == 0);
        Assert.False(agent.Ended.IsCompleted);
    }

    [Fact]
    public async Task A_release_that_has_yet_to_prove_itself_does_so_before_it_makes_room_for_another()
    {
        await using var gateway = await GatewayAsync();
        using var identity = new AgentIdentity(folder.Below("identity"), _ => { });
        using var stranger = gateway.Client(identity);
        var slots = new Slots(folder.Path);
        await slots.FillAsync("b", file => file.WriteAsync("the one that runs"u8.ToArray()).AsTask());
        var before = new SlotRecord { Current = new SlotRelease("a", "0"), Candidate = new Candidate(new SlotRelease("b", "1"), "u0", 60) };
        slots.Write(before);
        var probation = new Probation(slots, "b", _ => { });

        var upgrade = new AgentUpgrade(slots, probation, stranger, () => { }, _ => { })
            .EnsureAsync(Command(), TestContext.Current.CancellationToken);
        Assert.False(upgrade.IsCompleted);
        Assert.Equal(before, slots.Read());
        probation.Accepted(new RecordedEvents());

        // It goes on, into the other slot; and fails there, since this client has no certificate.
        var fault = await Assert.ThrowsAsync<DatastoreException>(() => upgrade);
        Assert.Equal(FaultKind.Transient, fault.Kind);
        Assert.Equal(new SlotRecord { Current = new SlotRelease("b", "1") }, slots.Read());
        Assert.Equal("the one that runs", await File.ReadAllTextAsync(slots.PathOf("b"), TestContext.Current.CancellationToken));
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(slots.PathOf("a"))!));
    }

    [Fact]
    public async Task Only_a_guest_is_given_a_release()
    {
        await using var gateway = await GatewayAsync();
        using var stranger = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = new Trust(gateway.Authority.CertificatesPem).ForClient(null),
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Url, $"{Routes.AgentReleases}/{Hash}"))
        {
            Headers = { Host = Trust.GatewayName },
        };

        using var answer = await stranger.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    private static string Hash => Convert.ToHexStringLower(SHA256.HashData(Program));

    private static UpgradeAgent Command() =>
        new() { UpgradeId = "u1", Version = "2", Sha256 = Hash, Size = Program.Length, ConfirmSeconds = 60 };

    private async Task<TestGateway> GatewayAsync()
    {
        var release = folder.Below("release");
        await File.WriteAllBytesAsync(release, Program);
        await File.WriteAllTextAsync(release + AgentReleaseFile.Suffix, JsonSerializer.Serialize(new { version = "2", sha256 = Hash }));
        return await TestGateway.StartAsync(folder.Path, release: release);
    }

    private GuestBootstrap Bootstrap(TestGateway gateway) => RunningAgent.Bootstrap(
        folder.Path, Instance, gateway.Directory.Provision(Instance), gateway.Authority.CertificatesPem, gateway.Url);
}
