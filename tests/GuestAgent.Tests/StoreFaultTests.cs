using System.Collections.Concurrent;
using System.Security.Cryptography;
using Dbaas.Datastores.Contract;
using Dbaas.GuestAgent.Channel;
using Dbaas.GuestAgent.Objects;
using Dbaas.GuestAgent.Tests.Fakes;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Channel;
using Dbaas.Testing;

namespace Dbaas.GuestAgent.Tests;

/// <summary>Objects on their way to and from a store that fails in every way, by addresses of a real gateway.</summary>
public sealed class StoreFaultTests : IAsyncLifetime
{
    private const string Instance = "0198c0de-0000-7000-8000-000000000001";
    private const int ObjectBytes = 100_000;
    private const int Objects = 60;

    private static readonly StoreFault[] Passing =
        [StoreFault.Unavailable, StoreFault.TooMany, StoreFault.Conflict, StoreFault.Cut, StoreFault.AnswerLost];

    private readonly TempFolder folder = new();
    private readonly HurriedTime time = new();
    private readonly OutsideStores outside;
    private FaultyStore faulty = null!;
    private TestGateway gateway = null!;
    private AgentIdentity identity = null!;
    private GatewayClient client = null!;
    private GatewayStore store = null!;

    public StoreFaultTests() => outside = new OutsideStores(time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        faulty = await FaultyStore.StartAsync();
        gateway = await TestGateway.StartAsync(folder.Path, objects: faulty);
        gateway.Directory.Place = "place";
        identity = new AgentIdentity(folder.Below("identity"), _ => { });
        using (var stranger = gateway.Client(identity))
        {
            var enrolled = await stranger.EnrolAsync(
                new EnrolmentRequest(
                    Instance, gateway.Directory.Provision(Instance), identity.MakeCertificateRequest(), ChannelTests.Hello(1, 1)),
                Cancel);
            identity.Accept(enrolled.Certificate);
        }

        client = gateway.Client(identity);
        store = new GatewayStore(client, outside, time, TestContext.Current.TestOutputHelper!.WriteLine);
    }

    public async ValueTask DisposeAsync()
    {
        outside.Dispose();
        store.Dispose();
        client.Dispose();
        identity.Dispose();
        await gateway.DisposeAsync();
        await faulty.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task With_a_store_that_fails_in_every_way_every_object_arrives_whole_and_comes_back_whole()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var coming = new ConcurrentDictionary<(string Method, string Name), ConcurrentQueue<StoreFault>>();
        faulty.Next = (method, name) =>
            coming.GetOrAdd((method, name), _ => FaultsOf(random, name)).TryDequeue(out var fault) ? fault : StoreFault.None;
        var content = Enumerable.Range(0, Objects).Select(_ => RandomNumberGenerator.GetBytes(ObjectBytes)).ToList();

        await EachAsync(async number => await PutAsync(number, content[number]));
        Assert.Equal(Objects, faulty.Kept.Count);

        await EachAsync(async number =>
        {
            var buffer = new byte[ObjectBytes];
            Assert.Equal(ObjectBytes, await store.GetAsync(Name(number), buffer, Cancel));
            Assert.Equal(content[number], buffer);
        });
        Assert.Equal(Passing.Append(StoreFault.Hangs).Order(), faulty.Happened.Distinct().Order());
    }

    [Theory]
    [InlineData("Unavailable", "503")]
    [InlineData("Refused", "403")]
    [InlineData("Hangs", "no answer in time")]
    public async Task A_store_that_never_works_is_given_up_after_five_minutes_with_its_answer(string fault, string word)
    {
        faulty.Next = (_, _) => Enum.Parse<StoreFault>(fault);
        var begun = time.GetTimestamp();

        var refusal = await Assert.ThrowsAsync<DatastoreException>(() => PutAsync(0, [1]));

        Assert.Equal(FaultKind.Transient, refusal.Kind);
        Assert.StartsWith("The store of backups could not be used for 5 minutes", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(word, refusal.Message, StringComparison.Ordinal);
        Assert.InRange(time.GetElapsedTime(begun), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15));
        Assert.NotEmpty(faulty.Happened);
    }

    [Fact]
    public async Task What_is_not_there_is_said_at_once()
    {
        var missing = await Assert.ThrowsAsync<DatastoreException>(() => store.GetAsync(Name(0), new byte[1], Cancel));

        Assert.Equal(FaultKind.Permanent, missing.Kind);
        Assert.Contains("is missing in the store", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Addresses_are_asked_for_by_the_sixteen_to_write_and_to_read()
    {
        for (var number = 0; number < 40; number++)
        {
            await PutAsync(number, [(byte)number]);
        }

        var buffer = new byte[1];
        for (var number = 0; number < 40; number++)
        {
            Assert.Equal(1, await store.GetAsync(Name(number), buffer, Cancel));
            Assert.Equal(number, buffer[0]);
        }

        var asked = gateway.Directory.ObjectRequests.ToList();
        TestContext.Current.TestOutputHelper!.WriteLine($"{asked.Count} requests for 80 uses of an object.");
        Assert.Equal(
            new[] { ObjectAccess.Write, ObjectAccess.Read }.SelectMany(access => new[] { 0, 16, 32 }.Select(first => (access, first))),
            asked.Select(one => (one.Access, Array.FindIndex(Names, name => name == one.Names[0]))));
        Assert.All(asked, one => Assert.Equal(16, one.Names.Count));
    }

    [Fact]
    public async Task What_is_no_part_has_an_address_of_its_own()
    {
        await store.PutAsync(new ObjectName("command", "backup", "run-list"), new byte[] { 1 }, SHA256.HashData([1]), Cancel);

        Assert.Equal(["run-list"], Assert.Single(gateway.Directory.ObjectRequests).Names);
    }

    [Fact]
    public async Task An_address_that_has_run_out_or_did_not_work_is_asked_for_anew()
    {
        await PutAsync(0, [0]);
        var begun = time.GetTimestamp();
        await Eventually.HoldsAsync(
            "two minutes are over", TimeSpan.FromSeconds(30), () => time.GetElapsedTime(begun) > TimeSpan.FromMinutes(2));
        await PutAsync(1, [1]);
        var isFirst = true;
        faulty.Next = (_, _) =>
        {
            var fault = isFirst ? StoreFault.Refused : StoreFault.None;
            isFirst = false;
            return fault;
        };
        await PutAsync(2, [2]);
        await PutAsync(3, [3]);

        Assert.Equal(
            [Names[0], Names[1], Names[2]], gateway.Directory.ObjectRequests.Select(request => request.Names[0]));
    }

    private static string[] Names { get; } = [.. Enumerable.Range(0, Objects).Select(number => Name(number).Name)];

    private static ObjectName Name(int number) => new("command", "backup", $"run-{number:00000000}");

    // What fits into five minutes: a store that hangs takes two of them, so it does for one object in ten, once.
    private static ConcurrentQueue<StoreFault> FaultsOf(Random random, string name)
    {
        lock (random)
        {
            var faults = random.GetItems(Passing, random.Next(5)).ToList();
            if (name.EndsWith('0'))
            {
                faults.Insert(random.Next(faults.Count + 1), StoreFault.Hangs);
            }

            return new ConcurrentQueue<StoreFault>(faults);
        }
    }

    private static Task EachAsync(Func<int, Task> work) => Parallel.ForEachAsync(
        Enumerable.Range(0, Objects), new ParallelOptions { MaxDegreeOfParallelism = 6, CancellationToken = Cancel },
        async (number, _) => await work(number));

    private Task PutAsync(int number, byte[] content) => store.PutAsync(Name(number), content, SHA256.HashData(content), Cancel);
}
