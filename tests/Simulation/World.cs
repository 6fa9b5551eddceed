using System.Text.Json;
using Dbaas.Cloud.Logs;
using Dbaas.Domain.Logs;
using Dbaas.Domain.Operations;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Signals;
using Dbaas.Simulation.Cloud;
using Dbaas.Simulation.Effects;
using Dbaas.Simulation.Guests;
using Dbaas.Simulation.Running;
using Dbaas.TaskManager.Backups;
using Dbaas.TaskManager.Guests;
using Dbaas.TaskManager.Guests.Gateway;
using Dbaas.TaskManager.Schedules;
using Dbaas.TaskManager.Upkeep;

namespace Dbaas.Simulation;

/// <summary>A control plane's database, a cloud and its guests, under one clock that only the simulation moves.</summary>
public sealed class World : IDisposable
{
    private static readonly TimeSpan LongestStride = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Farthest = TimeSpan.FromMinutes(10);
    private readonly DatabaseFile? file;
    private readonly Worker gateway;
    private readonly List<(DateTimeOffset At, Action Happens)> script = [];
    private int lives;

    private World(VirtualClock clock, SequentialIds ids, DatabaseFile file)
        : this(clock, ids, file.Database) => this.file = file;

    private World(VirtualClock clock, SequentialIds ids, IDatabase database)
    {
        Clock = clock;
        Ids = ids;
        Database = database;
        Cloud = new SimulatedCloud(clock, (spec, database) => new SimulatedGuest(spec.Name, spec.Bootstrap, this, database), In);
        Api = new ControlApi(this);
        gateway = Worker.Start(this, new Undisturbed(), "gateway", null, TimeSpan.Zero);
        Directory = gateway.Directory;
    }

    /// <summary>The time.</summary>
    public VirtualClock Clock { get; }

    /// <summary>The control plane's database, not watched.</summary>
    public IDatabase Database { get; }

    /// <summary>The ids of everything.</summary>
    public SequentialIds Ids { get; }

    /// <summary>The signals of the process.</summary>
    public ControlSignals Signals { get; } = new();

    /// <summary>The cloud, not watched.</summary>
    public SimulatedCloud Cloud { get; }

    /// <summary>The store of backups, not watched.</summary>
    public SimulatedObjects Objects { get; } = new();

    /// <summary>What another service stored.</summary>
    public SimulatedForeign Foreign { get; } = new();

    /// <summary>What goes wrong in guests.</summary>
    public GuestFaults GuestFaults { get; } = new();

    /// <summary>How the control plane deals with guests; for workers that are started from then on.</summary>
    public GuestOptions Guests { get; set; } = new() { Gather = TimeSpan.Zero };

    /// <summary>What guests talk to.</summary>
    public IGuestDirectory Directory { get; }

    /// <summary>What users ask for.</summary>
    public ControlApi Api { get; }

    /// <summary>Makes a world with nothing in it.</summary>
    /// <param name="checksUnits">
    /// Units of work of a form that would be wrong on a cluster are refused. Others are told, since that is more to write.
    /// </param>
    public static async Task<World> CreateAsync(bool checksUnits = false)
    {
        var clock = new VirtualClock();
        return new World(clock, new SequentialIds(), await DatabaseFile.CreateAsync(clock, checksUnits));
    }

    /// <summary>
    /// Makes a world with nothing in it over somebody's database, whose clock is its own. Several may act in it at the same time.
    /// </summary>
    /// <param name="database">Empty of all but its tables.</param>
    /// <param name="now">The time.</param>
    public static async Task<World> OverAsync(IDatabase database, DateTimeOffset now)
    {
        var (clock, ids) = (new VirtualClock(), new SequentialIds());
        clock.SetBack(clock.Steady - now);
        await database.WriteAsync(unit => DatabaseFile.Fill(unit, ids), CancellationToken.None);
        return new World(clock, ids, database);
    }

    /// <summary>Makes a world that goes on from here by itself. Nothing may be under way, and no fault may be waiting.</summary>
    public async Task<World> CopyAsync()
    {
        var clock = new VirtualClock();
        clock.Advance(Clock.Steady - clock.Steady);
        clock.SetBack(Clock.Steady - Clock.GetUtcNow());
        var copy = new World(clock, new SequentialIds(Ids.Last), await file!.CopyAsync(clock)) { lives = lives, Guests = Guests };
        Objects.CopyTo(copy.Objects);
        Foreign.CopyTo(copy.Foreign);
        Cloud.CopyTo(copy.Cloud, (guest, database) => guest.CopyTo(copy, database));
        return copy;
    }

    /// <summary>Starts a worker process: a new life with an owner's name that was never used before.</summary>
    /// <param name="effects">Is told of everything that it does.</param>
    /// <param name="change">Other workflows.</param>
    /// <param name="skew">How far its machine's clock is ahead of the database's.</param>
    public Worker StartWorker(IEffects effects, WorkflowChange? change = null, TimeSpan skew = default) =>
        Worker.Start(this, effects, $"worker-{++lives}", change, skew);

    /// <summary>The same, with a way of its own to the database, and another lease.</summary>
    public Worker StartWorker(IEffects effects, IDatabase database, TimeSpan lease) =>
        Worker.Start(this, effects, $"worker-{++lives}", null, TimeSpan.Zero, database, lease);

    /// <summary>Guests report, those that have something to say.</summary>
    public async Task LetGuestsReportAsync()
    {
        foreach (var guest in Cloud.Guests)
        {
            await guest.ReportAsync();
        }

        await gateway.Reports.FlushAsync(CancellationToken.None);
    }

    /// <summary>The guest of an instance.</summary>
    public SimulatedGuest Guest(string instanceId) =>
        Cloud.Guests.FirstOrDefault(guest => guest.InstanceId == instanceId)
        ?? throw new SimulationException($"{instanceId} has no guest.");

    /// <summary>Databases that can be reached, by instance.</summary>
    public IReadOnlyDictionary<string, SimulatedDatabase> Reachable() =>
        Cloud.Guests.Where(guest => guest.IsAlive).ToDictionary(guest => guest.InstanceId, guest => guest.Database);

    /// <summary>Lets something happen later.</summary>
    public void In(TimeSpan time, Action happens) => script.Add((Clock.Steady + time, happens));

    /// <summary>Lets every guest do one thing.</summary>
    /// <returns>False: there was nothing to do.</returns>
    public async Task<bool> LetGuestsActAsync(IEffects effects)
    {
        var acted = false;
        var asked = await Database.ReadAsync(
            unit => unit.Query<string>("SELECT DISTINCT instance_id FROM guest_commands WHERE answered = 0").ToHashSet(),
            CancellationToken.None);
        foreach (var guest in Cloud.Guests.Where(guest => guest.IsToCall || asked.Contains(guest.InstanceId)).ToList())
        {
            acted |= await guest.ActAsync(effects);
        }

        return acted;
    }

    /// <summary>Moves the clock to the next thing that is going to happen.</summary>
    /// <returns>False: no operation waits for anything.</returns>
    public async Task<bool> AdvanceAsync()
    {
        var due = (await Database.ReadAsync(unit => OperationRows.FindDue(unit, Farthest, int.MaxValue), CancellationToken.None))
            .Where(one => one.DueIn >= 0).Select(one => (TimeSpan?)TimeSpan.FromMilliseconds(one.DueIn)).Min();
        if (due is null)
        {
            return false;
        }

        var now = Clock.Steady;
        // What was ready before and is still there is of a command that nobody waits for any more.
        var next = Cloud.Guests.Select(guest => guest.NextReady > now ? guest.NextReady : null)
            .Append(script.Count > 0 ? script.Min(one => one.At) : null)
            .Append(now + due.Value + TimeSpan.FromMilliseconds(1))
            .Append(now + LongestStride)
            .Min()!.Value;
        await AdvanceToAsync(next > now ? next : now + TimeSpan.FromMilliseconds(1));
        return true;
    }

    /// <summary>Lets time pass in which no worker works; guests report at its end.</summary>
    public Task PassAsync(TimeSpan time) => AdvanceToAsync(Clock.Steady + time);

    /// <summary>What upkeep does in one round.</summary>
    public async Task LookAfterAsync()
    {
        await new LateDemotion(Database, Signals, Guests, Ids, Clock).LookAsync(CancellationToken.None);
        await LookAtSchedulesAsync();
        await LookAtVerificationsAsync();
        await LookAtConfigurationsAsync();
    }

    /// <summary>The part of it that is about configuration groups whose values are others.</summary>
    public Task LookAtConfigurationsAsync() =>
        new ConfigurationChanges(Database, Signals, Guests, Ids, Clock).LookAsync(CancellationToken.None);

    /// <summary>The part of it that is about sets that fail over by themselves: a task manager that looks once.</summary>
    public Task LookAtFailoversAsync() => new FailoverWatch(Database, Signals, Ids, Clock).LookAsync(CancellationToken.None);

    /// <summary>The part of it that is about the verification of backups.</summary>
    public Task LookAtVerificationsAsync() =>
        new Verifications(Database, Signals, new BackupOptions(), Ids, Clock).LookAsync(CancellationToken.None);

    /// <summary>The part of it that is about schedules of backups.</summary>
    public Task LookAtSchedulesAsync() => new DueSchedules(Database, Signals, Guests, Ids).LookAsync(CancellationToken.None);

    /// <summary>An instance's log is to be archived, and upkeep begins with that.</summary>
    public async Task ArchiveAsync(string instanceId)
    {
        await Database.WriteAsync(
            unit => unit.Execute(
                "UPDATE instances SET binary_log = 'Always', point_in_time = 1 WHERE id = @instanceId", new { instanceId }),
            CancellationToken.None);
        await new LogArchives(Database, Signals, Guests, Ids, Clock).LookAsync(CancellationToken.None);
    }

    /// <summary>A log of an instance is to be published, or what was published to go.</summary>
    public Task PublishLogAsync(string instanceId, PublishLogGoal goal)
    {
        var (operation, log) = (Ids.NewId(), PublishedLog.IdOf(instanceId, "general"));
        var now = Clock.GetUtcNow().ToUnixTimeMilliseconds();
        return Database.WriteAsync(
            unit =>
            {
                GuestLogRows.Ensure(unit, instanceId, "general", $"logs-of-{instanceId[^12..]}", "secret");
                if (LockRows.TryOwnGuestLog(unit, log, operation))
                {
                    OperationRows.Insert(
                        unit, operation, OperationKinds.PublishLog, instanceId,
                        JsonSerializer.Serialize(goal, JsonSerializerOptions.Web), now, Subject.GuestLog(log));
                }
            },
            CancellationToken.None);
    }

    /// <summary>Upkeep removes what nobody needs of published logs.</summary>
    public Task RemoveUnneededLogPartsAsync() =>
        new UnneededLogParts(new LogObjects(Objects), Database, Clock).LookAsync(CancellationToken.None);

    /// <summary>Upkeep removes archived logs that no backup needs.</summary>
    public Task RemoveUnneededLogsAsync() => new UnneededLogs(Database, Signals, Ids, Clock).LookAsync(CancellationToken.None);

    /// <inheritdoc />
    public void Dispose()
    {
        Api.Dispose();
        gateway.Dispose();
        file?.Dispose();
    }

    private async Task AdvanceToAsync(DateTimeOffset next)
    {
        Clock.Advance(next - Clock.Steady);
        foreach (var (_, happens) in script.Where(one => one.At <= next).ToList())
        {
            happens();
        }

        script.RemoveAll(one => one.At <= next);
        await LetGuestsReportAsync();
    }
}
