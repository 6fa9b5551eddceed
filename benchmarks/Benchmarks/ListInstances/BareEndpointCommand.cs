using System.CommandLine;
using System.Net;
using Dbaas.Persistence;
using Dbaas.Persistence.Dialects;

namespace Dbaas.Benchmarks.ListInstances;

/// <summary>The bare endpoint, in a process of its own. It prints its address, and ends with its standard input.</summary>
internal static class BareEndpointCommand
{
    private const int ServicesDefaultThreads = 4;

    public static Command Create()
    {
        var database = new Option<FileInfo>("--database") { Required = true };
        var tenant = new Option<string>("--tenant") { Required = true };
        var root = new Option<string>("--root") { Required = true };
        var command = new Command("bare-endpoint", "Serves a list, and each instance of it.") { database, tenant, root };
        command.Hidden = true;
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await RunAsync(
                parsed.GetRequiredValue(database).FullName,
                parsed.GetRequiredValue(tenant),
                parsed.GetRequiredValue(root),
                cancellationToken);
            return 0;
        });
        return command;
    }

    private static async Task RunAsync(string file, string tenant, string root, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        builder.Services
            .AddSingleton(TimeProvider.System)
            .AddPersistence(_ => new SqliteDialect(file, TimeProvider.System), [new byte[32]], ServicesDefaultThreads);
        await using var app = builder.Build();
        var list = new BareList(app.Services.GetRequiredService<IDatabase>(), tenant, root);
        app.MapGet("/", async (HttpContext context) => await context.Response.WriteAsJsonAsync(
            await list.ReadAsync(context.RequestAborted), BareJson.Default.BareDocument, cancellationToken: context.RequestAborted));
        app.MapGet("/{id}", async (HttpContext context, string id) => await context.Response.WriteAsJsonAsync(
            await list.ReadOneAsync(id, context.RequestAborted),
            BareJson.Default.BareShown,
            cancellationToken: context.RequestAborted));
        await app.StartAsync(cancellationToken);
        Console.WriteLine(app.Urls.Single());
        await Console.In.ReadToEndAsync(cancellationToken);
    }
}
