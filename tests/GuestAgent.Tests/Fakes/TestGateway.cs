using System.Collections.Concurrent;
using Dbaas.Cloud.Ports;
using Dbaas.GuestAgent.Channel;
using Dbaas.TaskManager.Guests.Gateway;
using Dbaas.TaskManager.Guests.Releases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using System.Net;

namespace Dbaas.GuestAgent.Tests.Fakes;

/// <summary>A real gateway on a free port, over a directory in memory.</summary>
internal sealed class TestGateway : IAsyncDisposable
{
    private readonly WebApplication server;
    private readonly ConcurrentQueue<(string Connection, string Path)> calls = new();

    private TestGateway(CertificateAuthority authority, InMemoryDirectory directory, int port, string? release, IObjects? objects)
    {
        Authority = authority;
        Directory = directory;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IGuestDirectory>(directory);
        builder.Services.AddSingleton(authority);
        builder.Services.AddSingleton(new AgentReleaseFile(release));
        if (objects is not null)
        {
            builder.Services.AddSingleton(objects);
        }

        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenForGuests(IPAddress.Loopback, port, authority));
        server = builder.Build();
        server.Use(next => context =>
        {
            calls.Enqueue((context.Connection.Id, context.Request.Path));
            return next(context);
        });
        server.MapGuestGateway();
    }

    public CertificateAuthority Authority { get; }

    public InMemoryDirectory Directory { get; }

    public Uri Url { get; private set; } = null!;

    /// <summary>Each call that has come, and over which connection.</summary>
    public IReadOnlyList<(string Connection, string Path)> Calls => [.. calls];

    public static async Task<TestGateway> StartAsync(
        string folder, InMemoryDirectory? directory = null, TimeSpan? agentLife = null, int port = 0, TimeSpan? grace = null,
        string? release = null, IObjects? objects = null)
    {
        var authority = new CertificateAuthority(AuthorityIn(folder), TimeProvider.System, agentLife, grace);
        var gateway = new TestGateway(authority, directory ?? new InMemoryDirectory(), port, release, objects);
        await gateway.server.StartAsync();
        var addresses = gateway.server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        gateway.Url = new Uri(addresses.Addresses.Single());
        return gateway;
    }

    public static GatewayList List(params Uri[] gateways) =>
        new([.. gateways.Select(url => url.ToString())], file: null, () => 0, TimeProvider.System, _ => { });

    /// <summary>An agent's side of the channel, without the agent.</summary>
    public GatewayClient Client(AgentIdentity identity) => new(List(Url), new Trust(Authority.CertificatesPem), identity);

    // Gateways of one folder have one authority.
    private static byte[] AuthorityIn(string folder)
    {
        var file = Path.Combine(folder, "authority.pem");
        if (!File.Exists(file))
        {
            System.IO.Directory.CreateDirectory(folder);
            File.WriteAllBytes(file, CertificateAuthority.Make(TimeProvider.System));
        }

        return File.ReadAllBytes(file);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        Authority.Dispose();
    }
}
