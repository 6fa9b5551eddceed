using System.Net;
using Dbaas.Cloud.Logs;
using Dbaas.Hosting;
using Dbaas.Hosting.Configuration;
using Dbaas.Hosting.Health;
using Dbaas.Identity.BuiltIn;
using Dbaas.TroveApi.Logs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.TroveApi;

/// <summary>The API with its identity, as the settings say, for a program that has a control plane.</summary>
public static class TroveApiHost
{
    /// <summary>Adds the API and all that it needs, and listens for clients.</summary>
    public static void AddTroveApi(this WebApplicationBuilder builder, ServiceSettings settings, StateFolder state, MasterKeys keys)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Parse(settings.ListenAddress), settings.ApiPort);
            if (settings.Identity == IdentityKind.BuiltIn)
            {
                kestrel.Listen(IPAddress.Parse(settings.ListenAddress), settings.IdentityPort);
            }
        });
        builder.Services
            .AddSingleton<LogObjects>()
            .AddSingleton<IPublishedLogs, PublishedLogs>()
            .AddIdentity(settings, state, keys)
            .AddTroveApi(new TroveApiOptions
            {
                PublicEndpoint = settings.PublicEndpoint,
                IdentityEndpoint = Identities.AddressOf(settings),
                NetworksAreUuids = settings.Plane == PlaneKind.OpenStack,
                RateLimitPerMinute = settings.RateLimitPerMinute,
                MaxVolumeSizeGb = settings.MaxVolumeSizeGb,
                MaxBackupSchedules = settings.Backups.MaxSchedules,
                ReadsForeignBackups = settings.Backups.Trove is not null,
                OffersVerification = settings.Backups.VerifyAtOnce > 0,
                SilentAfter = TimeSpan.FromSeconds(settings.SilentSeconds),
                DefaultDatastore = settings.DefaultDatastore,
                BinaryLogDefault = settings.BinaryLog,
                Quotas = new TroveApiOptions().Quotas.ToDictionary(
                    pair => pair.Key, pair => settings.Quotas.TryGetValue(pair.Key, out var limit) ? limit : pair.Value),
            });
    }

    /// <summary>Maps the API, and the identity where it is ours.</summary>
    public static void MapTroveApi(this WebApplication app, ServiceSettings settings)
    {
        app.MapPort(
            settings.ApiPort,
            routes =>
            {
                routes.MapHealth();
                routes.MapTroveApi();
            });
        if (settings.Identity == IdentityKind.BuiltIn)
        {
            app.MapPort(settings.IdentityPort, routes => routes.MapBuiltInIdentity());
        }
    }
}
