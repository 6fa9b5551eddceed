using System.Net.Http.Headers;
using System.Text;
using Dbaas.Domain;
using Dbaas.Domain.Backups;
using Dbaas.Domain.Catalog;
using Dbaas.Domain.Guests;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.Identity;
using Dbaas.Persistence;
using Dbaas.Persistence.Dialects;
using Dbaas.Persistence.Migrations;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Signals;
using Dbaas.Simulation.Checks;
using Dbaas.TroveApi.Logs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Dbaas.TroveApi.Tests.Harness;

/// <summary>
/// The API on a free port over a database file of its own. What the task manager and the gateway would do, tests do by hand.
/// </summary>
public sealed class TestApi : IAsyncDisposable
{
    public const string Tenant = "red";
    public const string Member = "red-member";
    public const string Admin = "red-admin";
    private const string TenantPattern = "/v1.0/{tenant}";
    private readonly DirectoryInfo folder;
    private readonly WebApplication app;

    private TestApi(DirectoryInfo folder, WebApplication app, IDatabase database)
    {
        this.folder = folder;
        this.app = app;
        Database = database;
        Signals = app.Services.GetRequiredService<ControlSignals>();
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.First()), Timeout = TimeSpan.FromMinutes(2) };
    }

    /// <summary>For what tests do by hand: units of a form that the API's must not have are theirs to make.</summary>
    public IDatabase Database { get; }

    public ControlSignals Signals { get; }

    public FakeTokens Tokens => (FakeTokens)app.Services.GetRequiredService<ITokenValidator>();

    public FakePublishedLogs PublishedLogs => (FakePublishedLogs)app.Services.GetRequiredService<IPublishedLogs>();

    public HttpClient Client { get; }

    /// <summary>What the running API answers to, below <c>/v1.0/{tenant}</c>.</summary>
    public IReadOnlyList<(string Method, string Pattern)> Routes =>
    [
        .. from endpoint in app.Services.GetRequiredService<IEnumerable<EndpointDataSource>>()
        .SelectMany(source => source.Endpoints)
        .OfType<RouteEndpoint>()
           let pattern = endpoint.RoutePattern.RawText!
           where pattern.StartsWith(TenantPattern, StringComparison.Ordinal)
           from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods
           select (method, pattern[TenantPattern.Length..]),
    ];

    public static async Task<TestApi> StartAsync(TroveApiOptions? options = null, Func<IDatabase, IDatabase>? wrap = null)
    {
        var folder = Directory.CreateTempSubdirectory("dbaas-api-");
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddPersistence(
            provider => new SqliteDialect(Path.Combine(folder.FullName, "control.db"), provider.GetRequiredService<TimeProvider>()),
            [new byte[32]],
            threads: 2);
        var inner = builder.Services.Last(service => service.ServiceType == typeof(IDatabase)).ImplementationFactory!;
        IDatabase? plain = null;
        builder.Services.AddSingleton<IDatabase>(provider =>
        {
            plain = (IDatabase)inner(provider);
            var whole = new CheckedDatabase(plain);
            return wrap?.Invoke(whole) ?? whole;
        });

        builder.Services.AddSingleton<ITokenValidator>(new FakeTokens());
        builder.Services.AddSingleton<IPublishedLogs, FakePublishedLogs>();
        builder.Services.AddTroveApi(options ?? Relaxed);
        var app = builder.Build();
        app.MapTroveApi();
        var database = app.Services.GetRequiredService<IDatabase>();
        await Migrator.MigrateAsync(database, app.Services.GetRequiredService<IIdSource>(), CancellationToken.None);
        await database.WriteAsync(Seed, CancellationToken.None);
        await app.StartAsync();
        return new TestApi(folder, app, plain!);
    }

    /// <summary>No rate limit, and guests that never fall silent.</summary>
    public static TroveApiOptions Relaxed => new()
    {
        ConfigurationPatience = TimeSpan.Zero,
        DefaultDatastore = "mariadb",
        RateLimitPerMinute = 0,
        SilentAfter = TimeSpan.FromDays(1),
        GuestTimeout = TimeSpan.FromSeconds(60),
    };

    public Task<Reply> GetAsync(string path, string token = Member) => SendAsync("GET", path, null, token);

    public Task<Reply> PostAsync(string path, string? body, string token = Member) => SendAsync("POST", path, body, token);

    public Task<Reply> PutAsync(string path, string body, string token = Member) => SendAsync("PUT", path, body, token);

    public Task<Reply> DeleteAsync(string path, string token = Member) => SendAsync("DELETE", path, null, token);

    /// <summary>Sends a request below the caller's project, or to any address when the path begins with two slashes.</summary>
    public async Task<Reply> SendAsync(string method, string path, string? body, string? token)
    {
        var address = path.StartsWith("//", StringComparison.Ordinal) ? path[1..] : $"/v1.0/{token?.Split('-')[0] ?? Tenant}{path}";
        // The address must reach the server as it is written here: Uri would unescape and shorten it.
        using var request = new HttpRequestMessage(
            new HttpMethod(method),
            new Uri(
                Client.BaseAddress!.GetLeftPart(UriPartial.Authority) + address,
                new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        if (token is not null)
        {
            request.Headers.Add("X-Auth-Token", token);
        }

        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        using var response = await Client.SendAsync(request);
        return new Reply((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers);
    }

    /// <summary>Asks for an instance and returns its id.</summary>
    public async Task<string> CreateAsync(string name = "m1", string token = Member, string more = "") =>
        (await PostAsync("/instances", $$$"""{"instance": {"name": "{{{name}}}", "flavorRef": "7", "volume": {"size": 2}{{{more}}}}}""", token))
        .Expect(200)["instance"]!["id"]!.GetValue<string>();

    /// <summary>A complete backup of an instance, as if the task manager had made it.</summary>
    public async Task<string> AddBackupAsync(string instanceId, BackupState state = BackupState.Completed, string? parentId = null)
    {
        var id = Guid.CreateVersion7().ToString();
        await Database.WriteAsync(
            unit =>
            {
                var instance = InstanceRows.Find(unit, instanceId)!;
                BackupRows.Insert(unit, new Backup
                {
                    Id = id, TenantId = instance.TenantId, Name = "b", InstanceId = instanceId, ParentId = parentId,
                    DatastoreVersionId = instance.DatastoreVersionId, Place = id,
                });
                BackupChanges.Complete(unit, id, 1000, 3L << 30, "{}", "{}", null, 1);
                BackupChanges.SetState(unit, id, state, 1);
                if (parentId is not null)
                {
                    BackupChanges.TryAddChild(unit, parentId);
                }
            },
            CancellationToken.None);
        return id;
    }

    /// <summary>Asks for an instance and makes it ready.</summary>
    public async Task<string> CreateReadyAsync(string name = "m1", string token = Member, string more = "")
    {
        var id = await CreateAsync(name, token, more);
        await FinishAsync(id);
        return id;
    }

    public async Task<string> CreateSlaveAsync(string masterId, string name = "s1")
    {
        var reply = await PostAsync("/instances", $$$"""{"instance": {"name": "{{{name}}}", "slaveOf": "{{{masterId}}}"}}""");
        return reply.Expect(200)["instance"]!["id"]!.GetValue<string>();
    }

    /// <summary>Its agent was not heard of for a week.</summary>
    public Task SilenceAsync(string id) => Database.WriteAsync(
        unit => GuestRows.Seen(unit, [id], TimeSpan.FromDays(7), TimeSpan.FromSeconds(30)), CancellationToken.None);

    /// <summary>Ends what is under way on an instance as the task manager would, with a healthy guest.</summary>
    public Task FinishAsync(string id, Func<GuestState, GuestState>? guest = null) => Database.WriteAsync(
        unit =>
        {
            foreach (var operation in OperationRows.Active(unit, id))
            {
                OperationRows.End(unit, operation.Id, OperationStatus.Succeeded, Now);
            }

            InstanceChanges.SetReady(unit, id, Now);
            InstanceChanges.SetAddresses(unit, id, "10.9.0.2", [new InstanceAddress { Address = "10.9.0.2" }]);
            var slave = InstanceRows.Find(unit, id)!.SlaveOfId is not null;
            var state = new GuestState
            {
                InstanceId = id,
                ServerState = "Healthy",
                Follows = slave,
                Replicating = slave,
                ReadOnly = slave,
                VolumeTotal = 2L << 30,
                VolumeUsed = 1L << 29,
            };
            GuestRows.Save(unit, guest is null ? state : guest(state), TimeSpan.Zero, TimeSpan.FromSeconds(30));
        },
        CancellationToken.None);

    public Task<IReadOnlyList<Operation>> OperationsAsync(string id) => Database.ReadAsync(
        unit => (IReadOnlyList<Operation>)OperationRows.Active(unit, id).Select(row => OperationRows.Find(unit, row.Id)!).ToList(),
        CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    private static void Seed(IUnit unit)
    {
        CatalogRows.EnsureVersion(unit, Version("11111111-0000-7000-8000-000000000001", "mariadb", "10.11"), "d1", isDefault: true);
        CatalogRows.EnsureVersion(unit, Version("11111111-0000-7000-8000-000000000002", "mysql", "9.7"), "d2", isDefault: true);
        CatalogRows.EnsureVersion(
            unit, Version("11111111-0000-7000-8000-000000000003", "mysql", "5.5") with { Active = false }, "d2", isDefault: false);
        CatalogRows.Replace(
            unit,
            [
                new Flavor { Id = "7", Name = "db.512", MemoryMb = 512, Vcpus = 1, DiskGb = 4 },
                new Flavor { Id = "8", Name = "db.768", MemoryMb = 768, Vcpus = 1, DiskGb = 4 },
            ],
            ["local"],
            [new VolumeKind { Id = "t1", Name = "fast", Description = "solid state" }]);
    }

    private static DatastoreVersion Version(string id, string datastore, string name) =>
        new() { Id = id, DatastoreName = datastore, Name = name, Number = name, Port = 3306, Active = true };
}
