using System.Security.Cryptography;
using System.Text;
using Dbaas.GuestAgent.Files;
using Dbaas.GuestAgent.Tests.Fakes;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Testing;

namespace Dbaas.GuestAgent.Tests;

/// <summary>A disk that gives back other bytes than were written: the database needs its watch all the same.</summary>
public sealed class DamagedRecordTests : IDisposable
{
    private const string Instance = "0198c0de-0000-7000-8000-000000000001";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private readonly TempFolder folder = new();

    public static TheoryData<string> Records =>
        ["journal/" + NameOf("c1"), "fence.json", "role.json", "events.json", "server.json", "slots/slots.json", "offers/" + NameOf("o1")];

    public static TheoryData<string> Damages => ["", "null", "{", "\0\0\0\0", """{"id":1}""", "[]"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Records))]
    public async Task An_agent_goes_on_with_any_of_its_records_damaged(string record)
    {
        await using var gateway = await TestGateway.StartAsync(folder.Path);
        var bootstrap = RunningAgent.Bootstrap(
            folder.Path, Instance, gateway.Directory.Provision(Instance), gateway.Authority.CertificatesPem, gateway.Url);
        var path = Path.Combine(bootstrap.StatePath, record);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, "{\"half", Cancel);

        await using var agent = new RunningAgent(bootstrap, new FakeDatastore());
        gateway.Directory.Send(Instance, DispatcherHarness.Envelope("c1", new StartServer(), fence: 1));

        await Eventually.HoldsAsync("the answer", Soon, () => gateway.Directory.Replies.Any(reply => reply.Reply.Id == "c1"));
        Assert.False(agent.Ended.IsCompleted);
    }

    [Theory]
    [InlineData("agent.key")]
    [InlineData("agent.crt")]
    public async Task An_agent_whose_identity_is_damaged_still_keeps_its_database_running(string file)
    {
        await using var gateway = await TestGateway.StartAsync(folder.Path);
        var bootstrap = RunningAgent.Bootstrap(
            folder.Path, Instance, gateway.Directory.Provision(Instance), gateway.Authority.CertificatesPem, gateway.Url);
        await using (new RunningAgent(bootstrap, new FakeDatastore()))
        {
            await Eventually.HoldsAsync("its hello", Soon, () => gateway.Directory.Hellos.Count == 2);
        }

        await File.WriteAllTextAsync(Path.Combine(bootstrap.StatePath, "identity", file), "-----BEGIN NOTHING", Cancel);
        var datastore = new FakeDatastore();
        await using var agent = new RunningAgent(bootstrap, datastore);

        await Eventually.HoldsAsync("the database taken over", Soon, () => datastore.Calls.Contains("resume"));
        await Eventually.HoldsAsync(
            "a line for the operator", Soon, () => agent.LogText.Contains($"{file} is damaged", StringComparison.Ordinal));
        Assert.False(agent.Ended.IsCompleted);
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public void What_is_damaged_counts_as_none_and_is_kept_for_people(string content)
    {
        var path = folder.Below("fence.json");
        File.WriteAllText(path, content);
        List<string> said = [];

        var read = PrivateFile.ReadJsonOrNone(path, Commands.JournalContext.Default.JournalEntry, said.Add);

        Assert.Null(read);
        Assert.False(File.Exists(path));
        Assert.Equal(content, File.ReadAllText(path + PrivateFile.Damaged));
        Assert.Contains(path, Assert.Single(said), StringComparison.Ordinal);
    }

    [Fact]
    public void When_the_highest_fence_is_damaged_the_journal_remembers_it()
    {
        var state = folder.Below("state");
        var journal = new Commands.CommandJournal(Path.Combine(state, "journal"), TimeProvider.System, _ => { });
        journal.Begin(DispatcherHarness.Envelope("c1", new StartServer(), fence: 7));
        journal.Begin(DispatcherHarness.Envelope("c2", new StartServer(), fence: null));
        File.WriteAllText(Path.Combine(state, "fence.json"), "{");

        Assert.Equal(new Fence(1, 7), new Commands.FenceKeeper(state, journal, _ => { }).Highest);
    }

    private static string NameOf(string id) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id))) + ".json";
}
