using Dbaas.Domain.Catalog;
using Dbaas.Domain.Configurations;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Tests.Support;

namespace Dbaas.Persistence.Tests;

public abstract class CatalogTests(ControlDatabase on)
{
    private static readonly VolumeKind Slow = new() { Id = "1", Name = "slow", Description = "spinning" };
    private static readonly VolumeKind Fast = new() { Id = "2", Name = "fast" };
    private static readonly Flavor Small = new() { Id = "small", Name = "Small", MemoryMb = 256, Vcpus = 1, DiskGb = 5 };
    private static readonly Flavor Large = new() { Id = "large", Name = "Large", MemoryMb = 4096, Vcpus = 4, DiskGb = 20 };

    [Fact]
    public async Task A_version_keeps_its_id_when_it_is_brought_up_to_date()
    {
        var datastore = on.Ids.NewId();
        var version = new DatastoreVersion
        {
            Id = on.Ids.NewId(), DatastoreId = datastore, DatastoreName = "mariadb", Name = "10.11", Number = "10.11",
            Image = "a", Port = 3306, Active = true,
        };
        await on.Write(unit => CatalogRows.EnsureVersion(unit, version, datastore, isDefault: true));

        await on.Write(unit => CatalogRows.EnsureVersion(
            unit, version with { Id = on.Ids.NewId(), Image = "b", Active = false }, on.Ids.NewId(), isDefault: true));

        Assert.Equal(version with { Image = "b", Active = false }, Assert.Single(await on.Read(CatalogRows.Versions)));
        Assert.Equal(version.Id, Assert.Single(await on.Read(CatalogRows.Datastores)).DefaultVersionId);
        Assert.Equal("b", (await on.Read(unit => CatalogRows.Version(unit, version.Id)))!.Image);
    }

    [Fact]
    public async Task Flavors_and_zones_are_replaced_also_by_two_programs_at_once()
    {
        await on.Write(unit => CatalogRows.Replace(unit, [Small], ["north", "south"], [Slow]));
        var grown = Small with { MemoryMb = 512 };

        await Task.WhenAll(Enumerable.Range(0, 8).Select(index => (index % 2 == 0 ? on.Database : on.Other).WriteAsync(
            unit => CatalogRows.Replace(unit, [Large, grown], ["south", "west"], [Fast]), TestContext.Current.CancellationToken)));

        Assert.Equal([grown, Large], await on.Read(CatalogRows.Flavors));
        Assert.Equal(["south", "west"], await on.Read(CatalogRows.Zones));
        Assert.Equal([Fast], await on.Read(CatalogRows.VolumeTypes));
        Assert.Equal(Large, await on.Read(unit => CatalogRows.Flavor(unit, "large")));

        await on.Write(unit => CatalogRows.Replace(unit, [], [], []));
        Assert.Empty(await on.Read(CatalogRows.Flavors));
        Assert.Empty(await on.Read(CatalogRows.Zones));
        Assert.Empty(await on.Read(CatalogRows.VolumeTypes));
    }

    [Fact]
    public async Task A_group_in_use_is_not_deleted()
    {
        var id = on.Ids.NewId();
        await on.Write(unit => ConfigurationRows.Insert(
            unit, new ConfigurationGroup { Id = id, TenantId = id, Name = "group", DatastoreVersionId = "version" }));
        Assert.True(await on.Write(unit => ConfigurationRows.AddInstance(unit, id, 0)));
        Assert.False(await on.Write(unit => ConfigurationRows.TryDelete(unit, id)));
        await on.Write(unit => ConfigurationRows.RemoveInstance(unit, id));

        Assert.True(await on.Write(unit => ConfigurationRows.TryDelete(unit, id)));
        Assert.False(await on.Write(unit => ConfigurationRows.TryDelete(unit, id)));
        Assert.False(await on.Write(unit => ConfigurationRows.AddInstance(unit, id, 0)));
    }

    [Fact]
    public async Task Groups_are_paged_within_their_project()
    {
        var project = on.Ids.NewId();
        var ids = Enumerable.Range(0, 5).Select(_ => on.Ids.NewId()).Order(StringComparer.Ordinal).ToArray();
        await on.Write(unit =>
        {
            foreach (var id in ids.Reverse().Append("other"))
            {
                ConfigurationRows.Insert(unit, new ConfigurationGroup
                {
                    Id = id, TenantId = id == "other" ? id : project, Name = "group", DatastoreVersionId = "version",
                });
            }
        });

        var first = await on.Read(unit => ConfigurationRows.Of(unit, project, after: null, limit: 3));
        var second = await on.Read(unit => ConfigurationRows.Of(unit, project, after: first[^1].Id, limit: 3));

        Assert.Equal(ids, first.Concat(second).Select(group => group.Id));
    }
}

public sealed class CatalogTestsOnSqlite(SqliteControlDatabase on) : CatalogTests(on), IClassFixture<SqliteControlDatabase>;

public sealed class CatalogTestsOnMariaDb(MariaDbControlDatabase on) : CatalogTests(on), IClassFixture<MariaDbControlDatabase>;

public sealed class CatalogTestsOnMySql(MySqlControlDatabase on) : CatalogTests(on), IClassFixture<MySqlControlDatabase>;
