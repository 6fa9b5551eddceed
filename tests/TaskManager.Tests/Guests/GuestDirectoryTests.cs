using Dbaas.Domain.Nodes;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Channel;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Signals;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Guests.Gateway;

namespace Dbaas.TaskManager.Tests.Guests;

/// <summary>The gateway's directory over a real database.</summary>
public sealed class GuestDirectoryTests
{
    private static readonly AgentHello Hello = new("1.0", 1, 1, ["replication", "accounts"], new MachineFacts(512, 2));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_instance_that_is_deleted_between_secret_and_certificate_gets_none()
    {
        await using var node = await GatewayNode.StartAsync();
        var used = await OpenAsync(node);
        Assert.True(await node.Directory.TryUseEnrolmentSecretAsync(used, Cancel));

        await node.Write(unit => GuestRows.Revoke(unit, used.InstanceId));

        Assert.False(await node.Directory.TryRecordEnrolmentAsync(used, "01", Hello, 1, Cancel));
        Assert.False(await node.Directory.IsCurrentCertificateAsync(used.InstanceId, "01", atOnce: true, Cancel));
        Assert.Null(await node.Read(unit => GuestRows.FindAgent(unit, used.InstanceId)));
    }

    [Fact]
    public async Task A_certificate_that_was_revoked_does_not_count_in_the_next_call_also_where_calls_wait_for_company()
    {
        await using var node = await GatewayNode.StartAsync();
        var used = await OpenAsync(node);
        Assert.True(await node.Directory.TryUseEnrolmentSecretAsync(used, Cancel));
        Assert.True(await node.Directory.TryRecordEnrolmentAsync(used, "01", Hello, 1, Cancel));
        foreach (var atOnce in new[] { true, false })
        {
            Assert.True(await node.Directory.IsCurrentCertificateAsync(used.InstanceId, "01", atOnce, Cancel));
        }

        await node.Write(unit => GuestRows.Revoke(unit, used.InstanceId));

        foreach (var atOnce in new[] { true, false })
        {
            Assert.False(await node.Directory.IsCurrentCertificateAsync(used.InstanceId, "01", atOnce, Cancel));
        }
    }

    [Fact]
    public async Task A_gateway_that_joins_is_known_within_half_a_minute_and_many_reports_are_one_look()
    {
        await using var node = await GatewayNode.StartAsync();
        await JoinAsync(node, "one");
        var before = await node.Directory.RecallGatewaysAsync(Cancel);
        Assert.Equal(["https://one/"], before!.Gateways);
        await JoinAsync(node, "two");
        node.Database.TakeReads();

        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => node.Directory.RecallGatewaysAsync(Cancel)));

        Assert.Equal(0, node.Database.TakeReads());
        Assert.Equal(before.Mark, (await node.Directory.RecallGatewaysAsync(Cancel))!.Mark);

        // Alive is who was seen lately, by the same clock.
        node.Clock.Advance(TimeSpan.FromSeconds(30));
        await JoinAsync(node, "one");
        await JoinAsync(node, "two");
        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => node.Directory.RecallGatewaysAsync(Cancel)));

        Assert.Equal(1, node.Database.TakeReads());
        var after = await node.Directory.RecallGatewaysAsync(Cancel);
        Assert.Equal(["https://one/", "https://two/"], after!.Gateways);
        Assert.NotEqual(before.Mark, after.Mark);
    }

    [Fact]
    public async Task What_an_agent_says_of_itself_is_kept_within_bounds_and_its_hello_voids_the_secret()
    {
        await using var node = await GatewayNode.StartAsync();
        var used = await OpenAsync(node);
        Assert.True(await node.Directory.TryUseEnrolmentSecretAsync(used, Cancel));
        Assert.True(await node.Directory.TryRecordEnrolmentAsync(used, "01", Hello, 1, Cancel));
        var loud = Hello with
        {
            AgentVersion = new string('9', 5000),
            Machine = Hello.Machine with { BootId = new string('b', 5000) },
            Capabilities = ["b", "a b", new string('c', 5000), .. Enumerable.Range(100, 500).Select(n => $"x{n}")],
        };

        Assert.True(await node.Directory.TryRecordHelloAsync(used.InstanceId, "01", loud, 1, Cancel));

        var facts = (await node.Read(unit => GuestRows.FindAgent(unit, used.InstanceId)))!;
        Assert.Equal((255, 1, 512, 2), (facts.AgentVersion.Length, facts.Protocol, facts.MachineMemoryMb, facts.MachineCpus));
        Assert.InRange(facts.Capabilities.Length, 1, 1000);
        Assert.Equal("", facts.BootId);
        Assert.False(await node.Directory.TryUseEnrolmentSecretAsync(used, Cancel));
        Assert.False(await node.Directory.TryRecordHelloAsync(used.InstanceId, "02", Hello, 1, Cancel));
    }

    [Fact]
    public async Task A_command_that_the_agent_does_not_know_is_a_permanent_fault_with_a_sentence()
    {
        await using var node = await GatewayNode.StartAsync();
        var id = await node.InstanceAsync();
        var lease = TimeSpan.FromMinutes(1);
        var operation = (await node.Read(unit => OperationRows.Active(unit, id)))[0].Id;
        await node.Write(unit => Assert.True(OperationRows.TryClaim(unit, operation, 0, "worker", lease)));
        var claimed = (await node.Read(unit => OperationRows.Find(unit, operation)))!;
        var context = new StepContext(claimed, 1, node.Database, "worker", lease, new DatabaseClock(node.Clock.Milliseconds, node.Clock));
        var commands = new GuestCommands(new ControlSignals());
        Task<GuestAnswer> AskAsync() => commands.AskAsync(context, id, new RestartServer(), lease, Cancel);
        Assert.IsType<GuestAnswer.Waiting>(await AskAsync());

        var command = Assert.Single(await node.Directory.GetPendingCommandsAsync(id, atOnce: true, Cancel));
        var fault = new GuestFault(FaultKind.Unsupported, "This agent (1.0) does not know the command restart_server.");
        Assert.True(await node.Directory.AcceptReplyAsync(id, new ReplyEnvelope(command.Id, Outcome.Unsupported, fault, null), Cancel));

        var failed = Assert.IsType<StepOutcome<string>.Failed>((await AskAsync()).Then("state", _ => "next"));
        Assert.Equal($"The agent of instance {id} cannot do restart_server.", failed.Why.Message);
    }

    [Fact]
    public async Task Refusals_of_another_kind_or_of_another_guest_are_recorded_each_and_the_same_one_once_in_a_while()
    {
        await using var node = await GatewayNode.StartAsync();
        var (one, other) = (await node.InstanceAsync(), await node.InstanceAsync());
        string[] kinds = [RefusalKinds.Enrolment, RefusalKinds.Certificate, RefusalKinds.OtherGuest, RefusalKinds.Protocol];

        for (var round = 0; round < 3; round++)
        {
            foreach (var kind in kinds)
            {
                await node.Directory.RecordRefusalAsync(one, kind, $"{kind} {round}", Cancel);
                await node.Directory.RecordRefusalAsync(other, kind, $"{kind} {round}", Cancel);
            }
        }

        await node.Directory.RecordRefusalAsync("nobody", kinds[0], "An instance that does not exist.", Cancel);
        Assert.Equal(kinds.Order(), await RefusedAsync(one));
        Assert.Equal(kinds.Order(), await RefusedAsync(other));

        node.Clock.Advance(TimeSpan.FromSeconds(11));
        await node.Directory.RecordRefusalAsync(one, kinds[0], "Again.", Cancel);
        Assert.Equal(kinds.Append(kinds[0]).Order(), await RefusedAsync(one));

        async Task<IEnumerable<string>> RefusedAsync(string id) =>
            (await node.HistoryAsync(id)).Where(entry => entry.Outcome == "refused").Select(entry => entry.Event).Order();
    }

    [Fact]
    public async Task A_refusal_that_is_not_recorded_writes_nothing()
    {
        await using var node = await GatewayNode.StartAsync();
        var id = await node.InstanceAsync();
        await node.Directory.RecordRefusalAsync(id, RefusalKinds.Enrolment, "First.", Cancel);
        node.Database.TakeTransactions();

        await node.Directory.RecordRefusalAsync(id, RefusalKinds.Enrolment, "Second.", Cancel);
        await node.Directory.RecordRefusalAsync("nobody", RefusalKinds.Enrolment, "An instance that does not exist.", Cancel);

        Assert.Equal(0, node.Database.TakeTransactions());
    }

    private static Task JoinAsync(GatewayNode node, string name) => node.Write(unit => Assert.True(NodeRows.TryEnter(
        unit, new Node { Program = Programs.TaskManager, Name = name, Gateway = $"https://{name}/", Version = "1" }, name)));

    private static async Task<UsedSecret> OpenAsync(GatewayNode node)
    {
        var id = await node.InstanceAsync();
        var hash = EnrolmentSecret.Hash(EnrolmentSecret.Create());
        await node.Write(unit => GuestRows.AllowEnrolment(unit, id, hash));
        return new UsedSecret(id, hash, "key");
    }
}
