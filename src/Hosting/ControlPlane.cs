using System.Security.Cryptography;
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
    /// Looks whether the database and this node fit together, and brings the database to this build's form, with the datastores of the
    /// configuration in it.
    /// </summary>
    /// <returns>The mark on what a plane holds. It is in the database, so that a service that moves to another machine keeps it.</returns>
    /// <exception cref="InvalidDataException">They do not fit.</exception>
    public static async Task<string> PrepareAsync(
        ServiceSettings settings, StateFolder state, MasterKeys keys, CancellationToken cancellationToken)
    {
        await using var provider = new ServiceCollection().AddLogging().AddDatabase(settings, state, keys).BuildServiceProvider();
        await FirstLook.TakeAsync(
            provider.GetRequiredService<IDialect>(), settings, provider.GetRequiredService<TimeProvider>(), cancellationToken);
        var (database, ids) = (provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<IIdSource>());
        await Migrator.MigrateAsync(database, ids, cancellationToken);
        await CheckKeyAsync(database, cancellationToken);
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
    public static IServiceCollection AddControlPlane(
        this IServiceCollection services, ServiceSettings settings, StateFolder state, MasterKeys keys) =>
        services.AddDatabase(settings, state, keys).AddStore(settings, state, keys).AddBroker(settings);

    private static IServiceCollection AddDatabase(
        this IServiceCollection services, ServiceSettings settings, StateFolder state, MasterKeys keys) =>
        services
            .AddSingleton(TimeProvider.System)
            .AddSingleton(provider => Dialect(settings, state, provider.GetRequiredService<TimeProvider>()))
            .AddPersistence(
                provider => provider.GetRequiredService<IDialect>(),
                keys.All("control-database"),
                settings.DatabaseThreads,
                notifies: settings.Broker.Url is not null);

    private static IDialect Dialect(ServiceSettings settings, StateFolder state, TimeProvider time)
    {
        try
        {
            return settings.Database.Count == 0
                ? new SqliteDialect(state.Database, time)
                : new MySqlDialect(settings.Database, settings.DatabaseNodes);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException("Database in the configuration has what is no connection string.", e);
        }
    }

    // The first node says which key it is, by what only that opens. Nothing of the key is in the database.
    private static async Task CheckKeyAsync(IDatabase database, CancellationToken cancellationToken)
    {
        try
        {
            _ = await database.ReadAsync(unit => ControlSecretRows.Find(unit, ControlSecretRows.KeyCheck), cancellationToken)
                ?? await database.WriteAsync(
                    unit =>
                    {
                        ControlSecretRows.KeepFirst(unit, ControlSecretRows.KeyCheck, RandomNumberGenerator.GetHexString(32));
                        return ControlSecretRows.Find(unit, ControlSecretRows.KeyCheck);
                    },
                    cancellationToken);
        }
        catch (CryptographicException)
        {
            throw new InvalidDataException(
                "The master key of this node is not the one that the control database was encrypted with: all nodes must have the same.");
        }
    }
}
