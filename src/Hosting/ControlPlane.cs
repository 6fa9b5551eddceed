using Dbaas.Domain;
using Dbaas.Domain.Catalog;
using Dbaas.Hosting.Configuration;
using Dbaas.Persistence;
using Dbaas.Persistence.Dialects;
using Dbaas.Persistence.Migrations;
using Dbaas.Persistence.Rows;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.Hosting;

/// <summary>What every program of the control plane has: the database, in this build's form, and the store of objects.</summary>
public static class ControlPlane
{
    /// <summary>
    /// Brings the database to this build's form, with the datastores of the configuration in it.
    /// </summary>
    /// <returns>The mark on what a plane holds. It is in the database, so that a service that moves to another machine keeps it.</returns>
    public static async Task<string> PrepareAsync(ServiceSettings settings, StateFolder state, CancellationToken cancellationToken)
    {
        await using var provider = new ServiceCollection().AddLogging().AddDatabase(settings, state).BuildServiceProvider();
        var (database, ids) = (provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<IIdSource>());
        await Migrator.MigrateAsync(database, ids, cancellationToken);
        foreach (var one in settings.Datastores.Count > 0 ? settings.Datastores : [DatastoreSetting.Own])
        {
            var version = new DatastoreVersion
            {
                Id = ids.NewId(),
                DatastoreName = one.Name,
                Name = one.Version,
                Number = one.Version,
                Image = one.Image,
                Port = one.Port,
                Active = true,
            };
            await database.WriteAsync(unit => CatalogRows.EnsureVersion(unit, version, ids.NewId(), one.IsDefault), cancellationToken);
        }

        return await database.ReadAsync(ControlPlaneRows.DeploymentId, cancellationToken);
    }

    /// <summary>Adds the database and the store of objects.</summary>
    public static IServiceCollection AddControlPlane(this IServiceCollection services, ServiceSettings settings, StateFolder state) =>
        services.AddDatabase(settings, state).AddStore(settings, state);

    private static IServiceCollection AddDatabase(this IServiceCollection services, ServiceSettings settings, StateFolder state) =>
        services
            .AddSingleton(TimeProvider.System)
            .AddPersistence(
                provider => settings.Database.Count == 0
                    ? new SqliteDialect(state.Database, provider.GetRequiredService<TimeProvider>())
                    : new MySqlDialect(settings.Database),
                state.Keys("control-database"),
                settings.DatabaseThreads);
}
