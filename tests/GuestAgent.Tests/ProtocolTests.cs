using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dbaas.GuestAgent.Channel;
using Dbaas.GuestAgent.Tests.Fakes;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Channel;
using Dbaas.GuestProtocol.Commands;
using Dbaas.GuestProtocol.Reports;
using Dbaas.TaskManager.Guests.Gateway;
using Dbaas.Testing;

namespace Dbaas.GuestAgent.Tests;

/// <summary>Agents and gateways of different releases.</summary>
public sealed class ProtocolTests : IDisposable
{
    private const string Instance = "0198c0de-0000-7000-8000-000000000001";

    private readonly TempFolder folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>All that is said, one of each, with every list and every object filled.</summary>
    public static IReadOnlyList<object> Messages { get; } =
    [
        new GuestBootstrap
        {
            InstanceId = "i",
            Datastore = "mariadb",
            GatewayUrls = ["https://g"],
            CaCertificates = "c",
            EnrolmentSecret = "s",
            Address = "a",
            UserAddresses = ["u"], Port = 1, VolumePath = "v", StatePath = "s", DatabaseUserId = 2, MemoryMb = 3, Cpus = 4,
        },
        new EnrolmentRequest("i", "s", "r", ChannelTests.Hello(1, 2)),
        new RenewalRequest("r", ChannelTests.Hello(1, 2)),
        ChannelTests.Hello(1, 2),
        new EnrolmentAnswer("c", 1),
        new HelloAnswer(1),
        new Refusal("No."),
        new CommandBatch([new CommandEnvelope("c1", "start_server", new Fence(1, 2), 3, JsonSerializer.SerializeToElement(1))]),
        new ReplyEnvelope("c1", Outcome.Failed, new GuestFault(FaultKind.Permanent, "No."), JsonSerializer.SerializeToElement(1)),
        new GuestReport
        {
            AgentVersion = "1", State = ServerState.Healthy, Detail = "d", ServerVersion = "v", Volume = new VolumeUse(2, 1),
            Replication = new ReplicationReport { SourceHost = "h", LagSeconds = 1.5, KnownSlaves = ["s"], LastError = "e" },
            RoleEpoch = 3, LeaseLeftSeconds = 4.5, Events = [new GuestEvent("e1", DateTimeOffset.UnixEpoch, "k", "m")],
        },
        new ReportAnswer(1, 2, 3, new GatewayNews(["https://g"], "m")),
    ];

    public static TheoryData<int> MessageNumbers => [.. Enumerable.Range(0, Messages.Count)];

    public static TheoryData<string> CommandKinds => [.. GuestCommand.Kinds.Keys.Order(StringComparer.Ordinal)];

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(1, 3, 1, 3, 3)]
    [InlineData(1, 3, 0, 2, 2)]
    [InlineData(1, 3, 3, 9, 3)]
    [InlineData(1, 3, 2, 2, 2)]
    [InlineData(2, 3, 0, 1, null)]
    [InlineData(1, 3, 4, 5, null)]
    public void The_highest_version_that_both_speak_is_spoken(int oldest, int newest, int otherOldest, int otherNewest, int? expected)
    {
        var (one, other) = (new ProtocolRange(oldest, newest), new ProtocolRange(otherOldest, otherNewest));

        Assert.Equal(expected, one.HighestCommon(other));
        Assert.Equal(expected, other.HighestCommon(one));
    }

    [Theory]
    [InlineData(ProtocolVersion.Oldest - 1, ProtocolVersion.Oldest, ProtocolVersion.Oldest)]
    [InlineData(ProtocolVersion.Oldest, ProtocolVersion.Current, ProtocolVersion.Current)]
    [InlineData(ProtocolVersion.Current, ProtocolVersion.Current + 7, ProtocolVersion.Current)]
    public async Task An_older_and_a_newer_agent_is_answered_with_a_version_of_both_by_each_call_that_agrees_on_one(
        int oldest, int newest, int expected)
    {
        await using var gateway = await TestGateway.StartAsync(folder.Path);
        using var identity = new AgentIdentity(folder.Below("identity"), _ => { });
        var hello = ChannelTests.Hello(oldest, newest);
        using var client = gateway.Client(identity);

        var enrolled = await client.EnrolAsync(
            new EnrolmentRequest(Instance, gateway.Directory.Provision(Instance), identity.MakeCertificateRequest(), hello), Cancel);
        identity.Accept(enrolled.Certificate);
        client.UseNewCertificate();
        var renewed = await client.RenewAsync(new RenewalRequest(identity.MakeCertificateRequest(), hello), Cancel);
        var greeted = await client.HelloAsync(hello, Cancel);

        Assert.Equal([expected, expected, expected], [enrolled.Protocol, renewed.Protocol, greeted.Protocol]);
        Assert.Equal(3, gateway.Directory.Hellos.Count);
        Assert.All(gateway.Directory.Hellos, heard => Assert.Equal(
            (Instance, oldest, newest, expected),
            (heard.Instance, heard.Hello.OldestProtocol, heard.Hello.NewestProtocol, heard.Protocol)));
        Assert.Empty(gateway.Directory.Refusals);
    }

    [Theory]
    [InlineData(ProtocolVersion.Oldest - 2, ProtocolVersion.Oldest - 1)]
    [InlineData(ProtocolVersion.Current + 1, ProtocolVersion.Current + 2)]
    public async Task An_agent_without_a_common_version_is_refused_with_a_sentence_that_names_both_ranges(int oldest, int newest)
    {
        await using var gateway = await TestGateway.StartAsync(folder.Path);
        using var identity = new AgentIdentity(folder.Below("identity"), _ => { });
        using var client = gateway.Client(identity);
        var secret = gateway.Directory.Provision(Instance);
        var hello = ChannelTests.Hello(oldest, newest);
        EnrolmentRequest Enrolment(AgentHello said) => new(Instance, secret, identity.MakeCertificateRequest(), said);

        var enrolment = await Assert.ThrowsAsync<GatewayException>(() => client.EnrolAsync(Enrolment(hello), Cancel));
        Assert.Empty(gateway.Directory.Certificates);

        // Brought up to date, the same agent comes in with the same secret.
        identity.Accept((await client.EnrolAsync(Enrolment(ChannelTests.Hello(1, 1)), Cancel)).Certificate);
        client.UseNewCertificate();
        var renewal = await Assert.ThrowsAsync<GatewayException>(
            () => client.RenewAsync(new RenewalRequest(identity.MakeCertificateRequest(), hello), Cancel));
        var greeting = await Assert.ThrowsAsync<GatewayException>(() => client.HelloAsync(hello, Cancel));

        Assert.All([enrolment, renewal, greeting], refusal =>
        {
            Assert.True(refusal.Refused);
            Assert.Contains($"The agent speaks version {oldest} to {newest} ", refusal.Message, StringComparison.Ordinal);
            Assert.Contains($"this control plane version {ProtocolRange.Ours}:", refusal.Message, StringComparison.Ordinal);
        });
        Assert.Equal(Enumerable.Repeat((Instance, RefusalKinds.Protocol), 3), gateway.Directory.Refusals);
        Assert.Single(gateway.Directory.Certificates);
    }

    [Fact]
    public async Task An_agent_says_who_it_is_at_each_start()
    {
        await using var gateway = await TestGateway.StartAsync(folder.Path);
        var bootstrap = RunningAgent.Bootstrap(
            folder.Path, Instance, gateway.Directory.Provision(Instance), gateway.Authority.CertificatesPem, gateway.Url);
        foreach (var expected in new[] { 2, 3 })
        {
            await using var agent = new RunningAgent(bootstrap, new FakeDatastore());
            await Eventually.HoldsAsync("its hello", TimeSpan.FromSeconds(30), () => gateway.Directory.Hellos.Count == expected);
        }

        var heard = gateway.Directory.Hellos[^1];
        Assert.Equal(
            (Instance, ProtocolVersion.Current, 512, 1),
            (heard.Instance, heard.Protocol, heard.Hello.Machine.MemoryMb, heard.Hello.Machine.Cpus));
        Assert.Contains("accounts", heard.Hello.Capabilities);
        Assert.NotEmpty(heard.Hello.AgentVersion);
        Assert.Equal(RunningAgent.BootId, heard.Hello.Machine.BootId);
    }

    [Theory]
    [MemberData(nameof(MessageNumbers))]
    public void Fields_that_are_not_known_are_ignored_wherever_they_are(int number)
    {
        var message = Messages[number];
        var written = JsonSerializer.SerializeToNode(message, message.GetType(), ProtocolJson.Options)!;
        var expected = JsonSerializer.Serialize(message, message.GetType(), ProtocolJson.Options);
        AddUnknown(written);

        var read = written.Deserialize(message.GetType(), ProtocolJson.Options);

        Assert.Contains("from_the_future", written.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(expected, JsonSerializer.Serialize(read, message.GetType(), ProtocolJson.Options));
    }

    [Theory]
    [MemberData(nameof(CommandKinds))]
    public void Fields_of_a_command_that_are_not_known_are_ignored(string kind)
    {
        var type = GuestCommand.Kinds[kind];
        var constructor = type.GetConstructors().OrderByDescending(one => one.GetParameters().Length).First(one => !IsCopy(one, type));
        var fields = new JsonObject();
        foreach (var field in constructor.GetParameters())
        {
            fields[ProtocolJson.Options.PropertyNamingPolicy!.ConvertName(field.Name!)] = Sample(field.ParameterType);
        }

        var naming = ProtocolJson.Options.PropertyNamingPolicy!;
        foreach (var field in type.GetProperties().Where(one => one.CanWrite && !fields.ContainsKey(naming.ConvertName(one.Name))))
        {
            fields[ProtocolJson.Options.PropertyNamingPolicy!.ConvertName(field.Name)] = Sample(field.PropertyType);
        }

        var expected = JsonSerializer.SerializeToElement(fields).Deserialize(type, ProtocolJson.Options);
        AddUnknown(fields);

        var read = GuestCommand.Parse(kind, JsonSerializer.SerializeToElement(fields));

        Assert.Equal(
            JsonSerializer.Serialize(expected, type, ProtocolJson.Options), JsonSerializer.Serialize(read, type, ProtocolJson.Options));
    }

    [Fact]
    public void What_is_left_out_is_never_missing()
    {
        var prepare = (PrepareServer)Parse("prepare", """{ "datastore_version": "1", "server_id": 1 }""");
        var nothing = (PrepareServer)Parse("prepare", """{ "datastore_version": "1", "server_id": 1, "configuration": null, "users": null }""");
        var report = JsonSerializer.Deserialize(
            """{ "agent_version": "1", "state": "Healthy", "replication": {} }""", ProtocolJson.Of<GuestReport>())!;

        Assert.All([prepare, nothing], read => Assert.Equal((0, 0, 0), (read.Configuration.Count, read.Databases.Count, read.Users.Count)));
        Assert.Empty(report.Events);
        Assert.Empty(report.Replication!.KnownSlaves);

        static GuestCommand Parse(string kind, string body)
        {
            using var document = JsonDocument.Parse(body);
            return GuestCommand.Parse(kind, document.RootElement)!;
        }
    }

    [Fact]
    public async Task The_gateway_ignores_fields_that_it_does_not_know_in_every_call()
    {
        await using var gateway = await TestGateway.StartAsync(folder.Path);
        using var identity = new AgentIdentity(folder.Below("identity"), _ => { });
        var secret = gateway.Directory.Provision(Instance);
        gateway.Directory.Send(Instance, DispatcherHarness.Envelope("c1", new StartServer()));
        var enrolled = await SendAsync<EnrolmentAnswer>(
            Routes.Enrol, new EnrolmentRequest(Instance, secret, identity.MakeCertificateRequest(), ChannelTests.Hello(1, 1)));
        identity.Accept(enrolled!.Certificate);

        Assert.NotNull(await SendAsync<HelloAnswer>(Routes.Hello, ChannelTests.Hello(1, 1)));
        Assert.NotNull(await SendAsync<EnrolmentAnswer>(
            Routes.Renew, new RenewalRequest(identity.MakeCertificateRequest(), ChannelTests.Hello(1, 1))));
        Assert.NotNull(await SendAsync<ReportAnswer>(Routes.Reports, Messages.OfType<GuestReport>().Single()));
        Assert.Null(await SendAsync<object>(Routes.Replies, new ReplyEnvelope("c1", Outcome.Succeeded, null, null)));
        Assert.Single(gateway.Directory.Replies);

        async Task<T?> SendAsync<T>(string path, object message)
            where T : class
        {
            using var client = new HttpClient(new SocketsHttpHandler
            {
                SslOptions = new Trust(gateway.Authority.CertificatesPem).ForClient(identity.Certificate),
            });
            var body = JsonSerializer.SerializeToNode(message, message.GetType(), ProtocolJson.Options)!;
            AddUnknown(body);
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Url, path))
            {
                Headers = { Host = Trust.GatewayName }, Content = JsonContent.Create(body),
            };
            using var answer = await client.SendAsync(request, Cancel);
            Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode}");
            return answer.StatusCode == HttpStatusCode.NoContent
                ? null
                : await answer.Content.ReadFromJsonAsync<T>(ProtocolJson.Options, Cancel);
        }
    }

    private static bool IsCopy(System.Reflection.ConstructorInfo constructor, Type type) =>
        constructor.GetParameters() is [{ } only] && only.ParameterType == type;

    private static JsonNode? Sample(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return Sample(inner);
        }

        if (type == typeof(string))
        {
            return "value";
        }

        if (type == typeof(bool))
        {
            return true;
        }

        if (type.IsEnum)
        {
            return Enum.GetNames(type)[0];
        }

        if (type.IsPrimitive)
        {
            return 1;
        }

        return type.IsGenericType ? type.Name.Contains("Dictionary", StringComparison.Ordinal) ? null : new JsonArray() : null;
    }

    private static void AddUnknown(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (_, member) in members.ToList())
                {
                    AddUnknown(member);
                }

                members["from_the_future"] = new JsonObject { ["a"] = new JsonArray(1, "two", null) };
                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    AddUnknown(item);
                }

                break;
        }
    }
}
