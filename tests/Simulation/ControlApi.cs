using System.Text;
using Dbaas.Domain;
using Dbaas.Domain.Guests;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Quotas;
using Dbaas.Identity;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi;
using Dbaas.TroveApi.Backups;
using Dbaas.TroveApi.Backups.Schedules;
using Dbaas.TroveApi.Configurations;
using Dbaas.TroveApi.Creation;
using Dbaas.TroveApi.Deletion;
using Dbaas.TroveApi.Http;
using Dbaas.TroveApi.Instances;
using Dbaas.TroveApi.Management;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.Simulation;

/// <summary>
/// What users and administrators ask for: the real endpoints, without a network in front of them. Each call returns the id of the instance
/// that it is about.
/// </summary>
public sealed class ControlApi : IDisposable
{
    /// <summary>The one datastore version.</summary>
    public const string VersionId = "00000000-0000-7000-8000-aaaaaaaaaaaa";

    /// <summary>The one project.</summary>
    public const string Project = "project";

    private const long Plenty = 1_000_000;
    private const int Refused = 400;
    private const int OurFault = 500;

    private static readonly Caller Anybody = new("user", "user", Project, Project, ["admin"], DateTimeOffset.MaxValue);
    private readonly World world;
    private readonly Lazy<ServiceProvider> services;

    private readonly IDatabase database;
    private readonly long instances;

    internal ControlApi(World world)
        : this(world, world.Database, Plenty)
    {
    }

    /// <summary>A process of its own.</summary>
    /// <param name="world">Where it is.</param>
    /// <param name="database">Its way to the database.</param>
    /// <param name="instances">How many a project may have.</param>
    public ControlApi(World world, IDatabase database, long instances)
    {
        this.world = world;
        this.database = database;
        this.instances = instances;
        services = new Lazy<ServiceProvider>(Build);
    }

    /// <summary>Asks for a stand-alone instance.</summary>
    public Task<string> CreateAsync(string name) => MakeAsync(
        name,
        $$"""
        {"instance": {"name": "{{name}}", "flavorRef": "1", "volume": {"size": 2}, "databases": [{"name": "shop"}],
         "users": [{"name": "app", "password": "secret", "databases": [{"name": "shop"}]}]} }
        """);

    /// <summary>Asks for a slave.</summary>
    public Task<string> CreateSlaveAsync(string name, string masterId) => MakeAsync(
        name, $$"""{"instance": {"name": "{{name}}", "flavorRef": "1", "volume": {"size": 2}, "replica_of": "{{masterId}}"} }""");

    /// <summary>Asks for a stand-alone instance with the data of a backup.</summary>
    public Task<string> RestoreAsync(string name, string backupId) => MakeAsync(
        name,
        $$"""
        {"instance": {"name": "{{name}}", "flavorRef": "1", "volume": {"size": 2}, "restorePoint": {"backupRef": "{{backupId}}"} } }
        """);

    /// <summary>Asks for a backup.</summary>
    /// <returns>Its id.</returns>
    public Task<string> BackUpAsync(string name, string instanceId, string? parentId = null)
    {
        var parent = parentId is null ? "" : $$""", "parent_id": "{{parentId}}" """;
        return MakeBackupAsync(name, $$"""{"backup": {"name": "{{name}}", "instance": "{{instanceId}}"{{parent}}} }""");
    }

    private async Task<string> MakeBackupAsync(string name, string body)
    {
        await AskAsync<CreateBackupEndpoint>((create, request) => create.CreateAsync(request), null, body);
        return (await database.ReadAsync(
            unit => unit.First<string>("SELECT id FROM backups WHERE name = @name ORDER BY id DESC LIMIT 1", new { name }),
            CancellationToken.None))!;
    }

    /// <summary>Asks for a backup that another service took to be known.</summary>
    public Task<string> RegisterAsync(string name, string location) => MakeBackupAsync(
        name,
        $$"""
        {"backup": {"name": "{{name}}", "restore_from":
         {"remote_location": "{{location}}", "local_datastore_version_id": "{{VersionId}}", "size": 0.5} } }
        """);

    /// <summary>Asks for a backup to be deleted.</summary>
    public Task<string> DeleteBackupAsync(string id) =>
        AskAsync<DeleteBackupEndpoint>((delete, request) => delete.DeleteAsync(request), id);

    /// <summary>Asks for a backup to be verified.</summary>
    public Task<string> VerifyAsync(string id) =>
        AskAsync<VerifyEndpoint>((verify, request) => verify.ActAsync(request), id, """{"verify": {}}""");

    /// <summary>Asks for a slave to become independent.</summary>
    public Task<string> DetachAsync(string slaveId) => ActAsync(slaveId, """{"detach_replication": {}}""");

    /// <summary>Asks for a slave to take the place of its master.</summary>
    public Task<string> PromoteAsync(string slaveId) => ActAsync(slaveId, """{"promote_to_replica_source": {}}""");

    /// <summary>Asks for a master that does not answer to leave its set.</summary>
    public Task<string> EjectAsync(string masterId, bool isForced = false) =>
        ActAsync(masterId, isForced ? """{"eject_replica_source": {"force": true}}""" : """{"eject_replica_source": {}}""");

    /// <summary>Asks for a schedule of backups.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="instanceId">What is backed up; null: the whole project.</param>
    /// <param name="cron">When.</param>
    /// <param name="more">Members of the request, each behind a comma.</param>
    /// <returns>Its id.</returns>
    public async Task<string> ScheduleAsync(string name, string? instanceId, string cron, string more = "")
    {
        var instance = instanceId is null ? "" : $$""", "instance": "{{instanceId}}" """;
        await AskAsync<ScheduleEndpoints>(
            (schedules, request) => schedules.CreateAsync(request),
            null,
            $$"""{"backup_schedule": {"name": "{{name}}", "cron": "{{cron}}"{{instance}}{{more}}} }""");
        return (await database.ReadAsync(
            unit => unit.First<string>("SELECT id FROM backup_schedules WHERE name = @name ORDER BY id DESC LIMIT 1", new { name }),
            CancellationToken.None))!;
    }

    /// <summary>Asks for an instance to be deleted.</summary>
    public Task<string> DeleteAsync(string id) => AskAsync<DeleteEndpoint>((delete, request) => delete.DeleteAsync(request), id);

    /// <summary>Asks for an instance to be deleted once a last backup of it is complete.</summary>
    public Task<string> DeleteAfterBackupAsync(string id, string name) => AskAsync<DeleteEndpoint>(
        (delete, request) => delete.DeleteAsync(request), id, query: $"?{FinalBackup.Query}={name}");

    /// <summary>Protects an instance from deletion, or does so no more.</summary>
    public Task<string> ProtectAsync(string id, bool isProtected) => AskAsync<UpdateEndpoint>(
        (update, request) => update.UpdateAsync(request),
        id,
        $$"""{"instance": {"deletion_protection": {{(isProtected ? "true" : "false")}}} }""");

    /// <summary>The same for one that is being built: its creation is given up before.</summary>
    public async Task<string> ForceDeleteAsync(string id)
    {
        await GiveUpAsync(id);
        return await DeleteAsync(id);
    }

    /// <summary>What users call resetting a status: the operation that holds an instance is given up.</summary>
    public Task<string> GiveUpAsync(string id) => ActAsync(id, """{"reset_status": {}}""");

    /// <summary>Asks for a restart.</summary>
    public Task<string> RestartAsync(string id) => ActAsync(id, """{"restart": {}}""");

    /// <summary>Asks for a larger volume.</summary>
    public Task<string> ResizeVolumeAsync(string id, int sizeGb) => ActAsync(id, $$"""{"resize": {"volume": {"size": {{sizeGb}} } } }""");

    /// <summary>Asks for flavor 2, or for flavor 1 again.</summary>
    public Task<string> ResizeFlavorAsync(string id, string flavorId) => ActAsync(id, $$"""{"resize": {"flavorRef": "{{flavorId}}"} }""");

    /// <summary>Asks for the whole server to be rebooted.</summary>
    public Task<string> RebootAsync(string id) => ManageAsync(id, """{"reboot": {}}""");

    /// <summary>Asks for the database to be stopped.</summary>
    public Task<string> StopAsync(string id) => ManageAsync(id, """{"stop": {}}""");

    /// <summary>Asks for another rule of who may reach it.</summary>
    public Task<string> UpdateAccessAsync(string id, string allowedCidr) => AskAsync<UpdateEndpoint>(
        (update, request) => update.UpdateAsync(request), id, $$"""{"instance": {"access": {"allowed_cidrs": ["{{allowedCidr}}"]} } }""");

    /// <summary>A set is to fail over by itself.</summary>
    public Task<string> FailOverByItselfAsync(string id) => AskAsync<UpdateEndpoint>(
        (update, request) => update.UpdateAsync(request), id, """{"instance": {"failover": "automatic"} }""");

    /// <summary>Makes a configuration group.</summary>
    public async Task<string> MakeGroupAsync(string name, string values)
    {
        await AskAsync<ConfigurationEndpoints>(
            (groups, request) => groups.CreateAsync(request),
            null,
            $$"""{"configuration": {"name": "{{name}}", "values": {{values}}} }""");
        return (await database.ReadAsync(
            unit => unit.First<string>("SELECT id FROM configurations WHERE name = @name ORDER BY id DESC LIMIT 1", new { name }),
            CancellationToken.None))!;
    }

    /// <summary>Gives a configuration group other values.</summary>
    public Task<string> ChangeGroupAsync(string group, string values) => AskAsync<ChangeConfiguration>(
        (change, request) => change.ReplaceAsync(request), group, $$"""{"configuration": {"values": {{values}}} }""");

    /// <summary>Gives an instance a configuration group; null: takes it off the one that it has.</summary>
    public Task<string> SetGroupAsync(string id, string? group) => AskAsync<UpdateEndpoint>(
        (update, request) => update.UpdateAsync(request),
        id,
        $$"""{"instance": {"configuration": {{(group is null ? "null" : $"\"{group}\"")}} } }""");

    /// <summary>Asks for the server to move.</summary>
    public Task<string> MigrateAsync(string id) => ManageAsync(id, """{"migrate": {}}""");

    /// <summary>Asks for a fresh root disk, or for a server in the place of one that is gone.</summary>
    public Task<string> RebuildAsync(string id) => ManageAsync(id, """{"rebuild": {}}""");

    /// <summary>Asks for another host, because the server's is dead.</summary>
    public Task<string> EvacuateAsync(string id) => ManageAsync(id, """{"evacuate": {}}""");

    /// <summary>Asks for another release of the agent.</summary>
    public async Task<string> UpgradeAgentAsync(string id, string version)
    {
        await world.Database.WriteAsync(
            unit => AgentReleaseRows.TryPublish(
                unit, new AgentRelease { Version = version, Sha256 = "hash", Size = 1 }, ControlPlaneRows.Now(unit)),
            CancellationToken.None);
        return await ManageAsync(id, """{"upgrade_agent": {}}""");
    }

    /// <summary>An instance's row.</summary>
    public async Task<Instance> FindAsync(string id) =>
        await database.ReadAsync(unit => InstanceRows.Find(unit, id), CancellationToken.None)
        ?? throw new SimulationException($"There is no row {id}.");

    /// <inheritdoc />
    public void Dispose()
    {
        if (services.IsValueCreated)
        {
            services.Value.Dispose();
        }
    }

    /// <summary>What an instance takes of the quota.</summary>
    internal static IReadOnlyDictionary<string, long> CostOf(Instance row) => new Dictionary<string, long>
    {
        [QuotaResources.Instances] = 1, [QuotaResources.Ram] = row.MemoryMb, [QuotaResources.Volumes] = row.VolumeSize,
    };

    private async Task<string> MakeAsync(string name, string body)
    {
        await AskAsync<CreateEndpoint>((create, request) => create.CreateAsync(request), null, body);
        return (await database.ReadAsync(
            unit => unit.First<string>("SELECT id FROM instances WHERE name = @name ORDER BY id DESC LIMIT 1", new { name }),
            CancellationToken.None))!;
    }

    private Task<string> ActAsync(string id, string body) =>
        AskAsync<ActionEndpoint>((action, request) => action.ActAsync(request), id, body);

    private Task<string> ManageAsync(string id, string body) =>
        AskAsync<ManagementActions>((action, request) => action.ActAsync(request), id, body);

    private async Task<string> AskAsync<TEndpoint>(
        Func<TEndpoint, ApiRequest, Task> ask, string? id, string? body = null, string? query = null)
        where TEndpoint : notnull
    {
        var context = new DefaultHttpContext();
        context.Request.QueryString = new QueryString(query);
        context.Request.RouteValues["id"] = id;
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body ?? ""));
        try
        {
            await ask(services.Value.GetRequiredService<TEndpoint>(), new ApiRequest(context, Anybody, new Links("http://api", Project)));
            return id ?? "";
        }
        catch (FaultException e) when (e.Status is >= Refused and < OurFault)
        {
            throw new RefusedException(e.Message);
        }
    }

    private ServiceProvider Build() => new ServiceCollection()
        .AddSingleton<TimeProvider>(world.Clock)
        .AddSingleton<IIdSource>(world.Ids)
        .AddSingleton(world.Signals)
        .AddSingleton(database)
        .AddTroveApi(new TroveApiOptions
        {
            ReadsForeignBackups = true,
            ConfigurationPatience = TimeSpan.Zero,
            Quotas = QuotaResources.All.ToDictionary(
                resource => resource, resource => resource == QuotaResources.Instances ? instances : Plenty),
            MaxVolumeSizeGb = 1000,
            RateLimitPerMinute = 0,
            DefaultDatastore = "mariadb",
        })
        .BuildServiceProvider();
}
