using System.Net;
using System.Text.Json.Nodes;
using Dbaas.GuestAgent.Tests.Fakes;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Channel;
using Dbaas.GuestProtocol.Commands;
using Dbaas.GuestProtocol.Reports;
using Dbaas.TaskManager.Guests.Gateway;
using Dbaas.TaskManager.Guests.Releases;
using Dbaas.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Dbaas.Libvirt.Tier.Guests;

/// <summary>The real gateway, on the host's address in the guests' network, over instances in memory.</summary>
internal sealed class Gateway : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);
    private readonly WebApplication _server;
    private readonly CertificateAuthority _authority;
    private readonly string _url;
    private int _commands;

    private Gateway(WebApplication server, CertificateAuthority authority, InMemoryDirectory directory, string url) =>
        (_server, _authority, Directory, _url) = (server, authority, directory, url);

    public InMemoryDirectory Directory { get; }

    public static async Task<Gateway> StartAsync(IPAddress address)
    {
        var directory = new InMemoryDirectory { NextReport = TimeSpan.FromSeconds(2) };
        var authority = new CertificateAuthority(CertificateAuthority.Make(TimeProvider.System), TimeProvider.System);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IGuestDirectory>(directory);
        builder.Services.AddSingleton(authority);
        builder.Services.AddSingleton(new AgentReleaseFile(program: null));
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenForGuests(address, 0, authority));
        var server = builder.Build();
        server.MapGuestGateway();
        await server.StartAsync();
        var url = server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new Gateway(server, authority, directory, url);
    }

    /// <summary>The document for an instance's new guest, with a new secret.</summary>
    public JsonObject Bootstrap(string key) => new()
    {
        ["instance_id"] = key,
        ["datastore"] = "mariadb",
        ["gateway_urls"] = new JsonArray(_url),
        ["ca_certificates"] = _authority.CertificatesPem,
        ["enrolment_secret"] = Directory.Provision(key),
        ["port"] = 3306,
    };

    /// <summary>Waits for a report that comes after now and fits.</summary>
    public async Task<GuestReport> ReportAsync(string key, string what, Func<GuestReport, bool> accept)
    {
        var before = Directory.Reports.Count;
        var reports = await Eventually.SeeAsync(
            $"a report of {key}: {what}",
            Patience,
            () => Task.FromResult(Directory.Reports.Skip(before).Select(r => r.Report).ToArray()),
            seen => seen.Any(accept));
        return reports.Last(accept);
    }

    /// <summary>Sends a command and waits for its reply, which must be good.</summary>
    public async Task<ReplyEnvelope> AskAsync(string key, GuestCommand command)
    {
        var id = $"command-{++_commands}";
        Directory.Send(key, new CommandEnvelope(id, command.KindName(), new Fence(1, _commands), 900, command.ToBody()));
        var reply = await Eventually.SeeAsync(
            $"a reply to {command.KindName()}",
            Patience,
            () => Task.FromResult(Directory.Replies.FirstOrDefault(r => r.Reply.Id == id).Reply),
            found => found is not null);
        Assert.True(reply.Fault is null, $"{command.KindName()}: {reply.Fault}");
        return reply;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _authority.Dispose();
    }
}
