using Dbaas.Domain;
using Dbaas.Domain.Catalog;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Standalone.Configuration;

namespace Dbaas.Standalone.Hosting;

/// <summary>What must be so before the first request. The database has its form already.</summary>
internal static class StartUp
{
    public static async Task PrepareAsync(IServiceProvider services, ServiceSettings settings, CancellationToken cancellationToken)
    {
        var database = services.GetRequiredService<IDatabase>();
        var ids = services.GetRequiredService<IIdSource>();
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
    }
}
