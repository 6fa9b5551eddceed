using Dbaas.Domain.Guests;
using Dbaas.Domain.Instances;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Tests.Support;

namespace Dbaas.Persistence.Tests;

public abstract class GuestTests(ControlDatabase on)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private int keys;

    [Fact]
    public async Task An_enrolment_secret_is_good_once()
    {
        var id = await Make.InstanceAsync(on);
        Assert.False(await UseAsync(id, "hash"));
        await on.Write(unit => GuestRows.AllowEnrolment(unit, id, "hash"));

        Assert.False(await UseAsync(id, "wrong"));
        var used = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => UseAsync(id, "hash")));

        Assert.Equal(1, used.Count(yes => yes));
    }

    [Fact]
    public async Task The_current_certificate_and_the_one_it_was_asked_for_with_count_however_many_answers_got_lost()
    {
        var id = await Make.InstanceAsync(on);
        Assert.False(await on.Read(unit => GuestRows.IsEnrolled(unit, id)));
        await EnrolAsync(id, "hash", "01");
        foreach (var lost in new[] { "02", "03", "04" })
        {
            Assert.True(await on.Write(unit => GuestRows.TryAddCertificate(unit, id, "01", lost)));
        }

        Assert.True(await on.Read(unit => GuestRows.IsEnrolled(unit, id)));
        Assert.Equal([true, false, false, true], await CurrentAsync(id, "01", "02", "03", "04"));
        Assert.True(await on.Write(unit => GuestRows.TryAddCertificate(unit, id, "04", "05")));
        Assert.Equal([false, true, true], await CurrentAsync(id, "01", "04", "05"));
        Assert.False(await on.Write(unit => GuestRows.TryAddCertificate(unit, id, "01", "06")));
        Assert.Equal([false], await CurrentAsync("another", "03"));
    }

    [Fact]
    public async Task A_former_agent_counts_until_its_successor_comes_or_its_server_is_gone()
    {
        var (relieved, gone, stays) = (await Make.InstanceAsync(on), await Make.InstanceAsync(on), await Make.InstanceAsync(on));
        foreach (var id in new[] { relieved, gone, stays })
        {
            await EnrolAsync(id, "first", "01");
            Assert.True(await on.Write(unit => GuestRows.TryEndEnrolment(unit, id, "01")));
            await on.Write(unit => GuestRows.AllowSuccessor(unit, id, "second"));
            Assert.Equal([true], await CurrentAsync(id, "01"));
            Assert.True(await on.Write(unit => GuestRows.TryEndEnrolment(unit, id, "01")));
        }

        Assert.True(await on.Write(unit => GuestRows.TryUseEnrolment(unit, relieved, "second", "new")));
        Assert.Equal([false], await CurrentAsync(relieved, "01"));
        Assert.True(await on.Write(unit => GuestRows.TrySetCertificate(unit, relieved, "second", "new", "02")));
        await on.Write(unit => GuestRows.VoidFormer(unit, relieved, "second"));
        Assert.Equal([false, true], await CurrentAsync(relieved, "01", "02"));

        await on.Write(unit => GuestRows.VoidFormer(unit, gone, "second"));
        Assert.False(await on.Read(unit => GuestRows.IsEnrolled(unit, gone)));
        Assert.True(await UseAsync(gone, "second"));

        await on.Write(unit => GuestRows.CloseEnrolment(unit, stays));
        Assert.Equal([true], await CurrentAsync(stays, "01"));
        Assert.False(await UseAsync(stays, "second"));
    }

    [Fact]
    public async Task Revoked_or_to_enrol_anew_it_cannot_use_what_it_had()
    {
        var (revoked, anew) = (await Make.InstanceAsync(on), await Make.InstanceAsync(on));
        foreach (var id in new[] { revoked, anew })
        {
            await EnrolAsync(id, "first", "01");
            await on.Write(unit => GuestRows.TryAddCertificate(unit, id, "01", "02"));
        }

        await on.Write(unit => GuestRows.Revoke(unit, revoked));
        await on.Write(unit => GuestRows.AllowEnrolment(unit, anew, "second"));

        Assert.False(await on.Write(unit => GuestRows.TryAddCertificate(unit, revoked, "02", "03")));
        Assert.Equal([false, false], await CurrentAsync(revoked, "01", "02"));
        Assert.Equal([false, false], await CurrentAsync(anew, "01", "02"));
        Assert.False(await UseAsync(revoked, "first"));
        Assert.False(await UseAsync(anew, "first"));
        Assert.True(await UseAsync(anew, "second"));
    }

    [Fact]
    public async Task A_certificate_does_not_count_when_the_guest_was_revoked_or_is_to_enrol_anew_since_its_secret_was_used()
    {
        var (revoked, anew, other) = (await Make.InstanceAsync(on), await Make.InstanceAsync(on), await Make.InstanceAsync(on));
        foreach (var id in new[] { revoked, anew, other })
        {
            await on.Write(unit => GuestRows.AllowEnrolment(unit, id, "first"));
            Assert.True(await on.Write(unit => GuestRows.TryUseEnrolment(unit, id, "first", "key")));
        }

        await on.Write(unit => GuestRows.Revoke(unit, revoked));
        await on.Write(unit => GuestRows.AllowEnrolment(unit, anew, "second"));

        foreach (var id in new[] { revoked, anew })
        {
            Assert.False(await on.Write(unit => GuestRows.TrySetCertificate(unit, id, "first", "key", "01")));
            Assert.False(await on.Read(unit => GuestRows.IsEnrolled(unit, id)));
        }

        Assert.False(await on.Write(unit => GuestRows.TrySetCertificate(unit, other, "first", "another key", "01")));
        Assert.True(await on.Write(unit => GuestRows.TrySetCertificate(unit, other, "first", "key", "01")));
    }

    [Fact]
    public async Task An_agent_whose_renewal_was_not_answered_says_hello_with_the_certificate_that_it_presented()
    {
        var id = await Make.InstanceAsync(on);
        await EnrolAsync(id, "first", "01");
        await on.Write(unit => GuestRows.TryAddCertificate(unit, id, "01", "02"));

        Assert.True(await on.Write(unit => GuestRows.TryEndEnrolment(unit, id, "01")));
        Assert.True(await on.Write(unit => GuestRows.TryEndEnrolment(unit, id, "02")));
        Assert.False(await on.Write(unit => GuestRows.TryEndEnrolment(unit, id, "03")));
        Assert.Equal([true, true], await CurrentAsync(id, "01", "02"));
    }

    [Fact]
    public async Task An_agent_that_has_shown_its_certificate_cannot_use_its_secret_again()
    {
        var id = await Make.InstanceAsync(on);
        await EnrolAsync(id, "first", "01");

        Assert.False(await on.Write(unit => GuestRows.TryEndEnrolment(unit, id, "02")));
        Assert.True(await on.Write(unit => GuestRows.TryUseEnrolment(unit, id, "first", "key")));
        Assert.True(await on.Write(unit => GuestRows.TryEndEnrolment(unit, id, "01")));

        Assert.False(await on.Write(unit => GuestRows.TryUseEnrolment(unit, id, "first", "key")));
        Assert.Equal([true], await CurrentAsync(id, "01"));
    }

    [Fact]
    public async Task What_an_agent_says_of_itself_comes_back()
    {
        var id = await Make.InstanceAsync(on);
        Assert.Null(await on.Read(unit => GuestRows.FindAgent(unit, id)));
        var facts = new AgentFacts
        {
            InstanceId = id,
            AgentVersion = "1.2",
            Protocol = 2,
            OldestProtocol = 1,
            NewestProtocol = 3,
            Capabilities = "accounts replication",
            MachineMemoryMb = 512, MachineCpus = 4,
        };

        foreach (var said in new[] { facts, facts, facts with { BootId = "b" }, facts with { AgentVersion = "1.3", MachineCpus = 8 } })
        {
            await on.Write(unit => GuestRows.SetAgent(unit, id, said));
            Assert.Equal(said, await on.Read(unit => GuestRows.FindAgent(unit, id)));
        }
    }

    [Theory]
    [InlineData(null, null, false)]
    [InlineData(0.0, 5_000_000_000L, true)]
    [InlineData(12.25, 1L, true)]
    public async Task A_report_comes_back(double? lag, long? volume, bool flag)
    {
        var id = await Make.InstanceAsync(on);
        Assert.Null(await on.Read(unit => GuestRows.Find(unit, id)));
        var state = new GuestState
        {
            InstanceId = id,
            ServerState = "Healthy",
            Detail = "caf\u00e9",
            ServerVersion = "10.11.19",
            VolumeTotal = volume,
            VolumeUsed = volume,
            Follows = flag,
            Replicating = !flag,
            Receiving = flag,
            SourceLost = !flag,
            Applying = flag,
            LagSeconds = lag,
            ReadOnly = flag,
            LogOn = !flag,
            KnownSlaves = "a b",
            ReplicationError = "none",
            Certificate = flag ? "PEM" : null,
            RoleEpoch = 3,
            LeaseHeld = flag,
        };

        await on.Write(unit => GuestRows.Save(unit, state, TimeSpan.Zero, Lease));

        var found = await FindAsync(id);
        Assert.Equal(state, found with { LastSeen = 0, SilentSince = 0, ReadAt = 0, LeaseUntil = 0 });
        Assert.Equal((found.LastSeen, found.LastSeen + (long)Lease.TotalMilliseconds), (found.SilentSince, found.LeaseUntil));
        Assert.InRange(found.SilentFor, TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Several_are_seen_and_found_at_once_none_as_well_and_thousands_too()
    {
        var ids = new[] { await Make.InstanceAsync(on), await Make.InstanceAsync(on), await Make.InstanceAsync(on) };
        string[] many = [ids[0], .. Enumerable.Range(0, 5000).Select(number => $"nobody-{number}"), ids[1]];

        await on.Write(unit => GuestRows.Seen(unit, [], TimeSpan.Zero, Lease));
        await on.Write(unit => GuestRows.Seen(unit, many, TimeSpan.FromSeconds(3), Lease));

        Assert.Empty(await on.Read(unit => GuestRows.Find(unit, (IEnumerable<string>)[])));
        var found = await on.Read(unit => GuestRows.Find(unit, many.Append(ids[2])));
        Assert.Equal(ids.Take(2).Order(), found.Select(guest => guest.InstanceId).Order());
        Assert.All(found, guest =>
        {
            Assert.Equal((long)Lease.TotalMilliseconds, guest.LeaseUntil - guest.LastSeen);
            Assert.InRange(guest.SilentFor, TimeSpan.FromSeconds(3), TimeSpan.FromMinutes(1));
        });
    }

    [Fact]
    public async Task A_lease_that_was_granted_never_gets_shorter()
    {
        var id = await Make.InstanceAsync(on);
        await on.Write(unit => GuestRows.Seen(unit, [id], TimeSpan.Zero, 100 * Lease));
        var granted = (await FindAsync(id)).LeaseUntil;

        await on.Write(unit => GuestRows.Seen(unit, [id], TimeSpan.Zero, Lease));
        await on.Write(unit => GuestRows.Save(
            unit, new GuestState { InstanceId = id, ServerState = "Healthy" }, TimeSpan.Zero, Lease));

        Assert.Equal(granted, (await FindAsync(id)).LeaseUntil);
    }

    [Fact]
    public async Task A_report_is_kept_though_the_guest_was_heard_of_since_but_not_over_a_later_report()
    {
        var id = await Make.InstanceAsync(on);
        await on.Write(unit => GuestRows.Seen(unit, [id], TimeSpan.Zero, Lease));

        Assert.True(await SaveAsync(id, "Crashed", age: TimeSpan.FromSeconds(1)));

        // As of a process that stood still with it for a while.
        Assert.False(await SaveAsync(id, "Healthy", age: TimeSpan.FromSeconds(30)));
        await on.Write(unit => GuestRows.Seen(unit, [id], TimeSpan.FromSeconds(30), Lease));

        var found = await FindAsync(id);
        Assert.Equal("Crashed", found.ServerState);
        Assert.InRange(found.SilentFor, TimeSpan.Zero, TimeSpan.FromSeconds(29));
    }

    [Fact]
    public async Task Figures_of_many_guests_are_one_statement_and_each_gets_its_own()
    {
        var ids = new List<string>();
        for (var number = 0; number < 5; number++)
        {
            ids.Add(await Make.InstanceAsync(on));
            await SaveAsync(ids[number], "Healthy", TimeSpan.Zero);
        }

        var figures = ids.Take(4).Select((id, number) => new GuestState
        {
            InstanceId = id,
            VolumeTotal = number == 1 ? null : 1000 + number,
            VolumeUsed = number == 2 ? null : number,
            LagSeconds = number == 3 ? null : number / 4.0,
            Jobs = number == 0 ? null : $"[{number}]",
        }).ToList();
        await on.Write(unit => GuestRows.SaveFigures(unit, []));
        await on.Write(unit => GuestRows.SaveFigures(unit, figures));

        foreach (var one in figures)
        {
            var found = await FindAsync(one.InstanceId);
            Assert.Equal((one.VolumeTotal, one.VolumeUsed, one.LagSeconds, one.Jobs, "Healthy"),
                (found.VolumeTotal, found.VolumeUsed, found.LagSeconds, found.Jobs, found.ServerState));
        }

        Assert.Null((await FindAsync(ids[4])).VolumeTotal);
    }

    [Fact]
    public async Task Who_answered_when_the_last_gateway_went_has_one_interval_from_the_next_ones_coming_and_who_was_silent_has_none()
    {
        var (every, gap, silentAfter) = (TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(30));
        var (answered, silent) = (await Make.InstanceAsync(on), await Make.InstanceAsync(on));
        await on.Write(unit =>
        {
            GuestRows.Seen(unit, [answered], TimeSpan.FromSeconds(620), Lease);
            GuestRows.Seen(unit, [silent], TimeSpan.FromSeconds(635), Lease);
            unit.Execute($"UPDATE gateway_watch SET seen = {unit.Dialect.Now} - 600000, since = 0, heard_after = 0");
        });
        Assert.All([await FindAsync(answered), await FindAsync(silent)], guest => Assert.False(guest.Answers(silentAfter)));

        Assert.True(await on.Read(unit => GatewayWatchRows.IsDue(unit, every)));
        await on.Write(unit => GatewayWatchRows.Sign(unit, every, gap, silentAfter));
        Assert.Equal((true, false), ((await FindAsync(answered)).Answers(silentAfter), (await FindAsync(silent)).Answers(silentAfter)));

        // They go again before the interval is over, and come back.
        await on.Write(unit => unit.Execute("UPDATE gateway_watch SET seen = seen - 20000, since = since - 29000"));
        await on.Write(unit => GatewayWatchRows.Sign(unit, every, gap, silentAfter));
        Assert.Equal((true, false), ((await FindAsync(answered)).Answers(silentAfter), (await FindAsync(silent)).Answers(silentAfter)));

        // Another gateway that comes, while there is one, changes nothing.
        Assert.False(await on.Read(unit => GatewayWatchRows.IsDue(unit, every)));
        await on.Write(unit => unit.Execute("UPDATE gateway_watch SET seen = seen - 10000, since = since - 31000"));
        Assert.True(await on.Read(unit => GatewayWatchRows.IsDue(unit, every)));
        await on.Write(unit => GatewayWatchRows.Sign(unit, every, gap, silentAfter));
        Assert.All([await FindAsync(answered), await FindAsync(silent)], guest => Assert.False(guest.Answers(silentAfter)));
    }

    [Fact]
    public async Task History_comes_in_the_order_of_its_ids_page_by_page_and_a_line_is_written_once()
    {
        var instance = on.Ids.NewId();
        var lines = Enumerable.Range(0, 7).Select(number => new HistoryEntry
        {
            Id = on.Ids.NewId() + number,
            InstanceId = instance,
            At = number,
            OperationId = number % 2 == 0 ? null : "operation",
            Event = "restart",
            Step = "stop",
            Outcome = "done",
            Detail = number == 0 ? null : "It \U0001F42C stopped.",
        }).OrderBy(line => line.Id, StringComparer.Ordinal).ToArray();
        await on.Write(unit =>
        {
            foreach (var line in lines.Reverse().Append(lines[0] with { Outcome = "again" }))
            {
                HistoryRows.Add(unit, line);
            }
        });

        var pages = new List<HistoryEntry>();
        for (var page = await PageAsync(null); page.Count > 0; page = await PageAsync(page[^1].Id))
        {
            pages.AddRange(page);
        }

        Assert.Equal(lines, pages);

        Task<IReadOnlyList<HistoryEntry>> PageAsync(string? after) => on.Read(unit => HistoryRows.Of(unit, instance, limit: 3, after));
    }

    [Fact]
    public async Task Ids_rise_with_time()
    {
        var clock = new SteppingClock();
        var ids = Enumerable.Range(0, 50).Select(_ => new Dbaas.Domain.RandomIdSource(clock).NewId()).ToArray();
        await on.Write(unit => Array.ForEach(ids, id => InstanceRows.Insert(unit, Make.Instance(id))));

        var stored = (await on.Read(InstanceRows.All)).Select(instance => instance.Id).Where(ids.Contains);

        Assert.Equal(ids, stored);
    }

    private Task<bool> SaveAsync(string id, string serverState, TimeSpan age) => on.Write(
        unit => GuestRows.Save(unit, new GuestState { InstanceId = id, ServerState = serverState }, age, Lease));

    private async Task EnrolAsync(string id, string hash, string serial)
    {
        await on.Write(unit => GuestRows.AllowEnrolment(unit, id, hash));
        Assert.True(await on.Write(unit => GuestRows.TryUseEnrolment(unit, id, hash, "key")));
        Assert.True(await on.Write(unit => GuestRows.TrySetCertificate(unit, id, hash, "key", serial)));
    }

    private async Task<GuestState> FindAsync(string id) => (await on.Read(unit => GuestRows.Find(unit, id)))!;

    // Each call comes with a key of its own, as from another agent.
    private Task<bool> UseAsync(string id, string hash) =>
        on.Write(unit => GuestRows.TryUseEnrolment(unit, id, hash, $"key-{Interlocked.Increment(ref keys)}"));

    private async Task<IEnumerable<bool>> CurrentAsync(string id, params string[] serials) =>
        await Task.WhenAll(serials.Select(serial => on.Read(
            unit => GuestRows.Certificates(unit, [id]).Any(one => one.Has(serial)))));

    private sealed class SteppingClock : TimeProvider
    {
        private long now = 1_800_000_000_000;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(now++);
    }
}

public sealed class GuestTestsOnSqlite(SqliteControlDatabase on) : GuestTests(on), IClassFixture<SqliteControlDatabase>;

public sealed class GuestTestsOnMariaDb(MariaDbControlDatabase on) : GuestTests(on), IClassFixture<MariaDbControlDatabase>;

public sealed class GuestTestsOnMySql(MySqlControlDatabase on) : GuestTests(on), IClassFixture<MySqlControlDatabase>;
