using Dbaas.Domain.Catalog;
using Dbaas.Domain.Configurations;
using Dbaas.Domain.Instances;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Tests.Support;

namespace Dbaas.Persistence.Tests;

public abstract class NameTests(ControlDatabase on)
{
    public static TheoryData<string> Names =>
    [
        "plain", "Plain", "PLAIN", "trailing blanks   ", "   leading blanks", " ", "", "quotes ' \" ` '' \\' \\",
        "percent % and under_score",
        "dolphin \U0001F42C and seal \U0001F9AD", "na\u00efve caf\u00e9", "nai\u0308ve cafe\u0301", "\u540d\u524d \u0438\u043c\u044f",
        "tab\tand\nline\r\n",
        "@id ?",
        "; DROP TABLE instances; --",
        new string('x', 255),
        string.Concat(Enumerable.Repeat("\U0001F42C", 127)) + "x",
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_name_comes_back_as_it_was_written(string name)
    {
        var id = await Make.InstanceAsync(on, instance => instance with { Name = name });
        Assert.Equal(name, (await on.Read(unit => InstanceRows.Find(unit, id)))!.Name);

        await on.Write(unit => InstanceChanges.SetName(unit, id, name + "!", 2));
        Assert.Equal(name + "!", (await on.Read(unit => InstanceRows.Find(unit, id)))!.Name);
    }

    [Fact]
    public async Task Names_that_look_alike_are_different_keys()
    {
        string[] zones = ["zone", "Zone", "zone ", "zon\u00e9", "zone\u0301"];

        await on.Write(unit => CatalogRows.Replace(unit, [], zones, []));

        Assert.Equal(zones.Order(StringComparer.Ordinal), await on.Read(CatalogRows.Zones));
    }

    [Fact]
    public async Task A_value_that_does_not_fit_is_refused_where_the_database_looks_and_never_cut()
    {
        var id = new string('c', 101);

        var refused = await Record.ExceptionAsync(() => on.Write(unit => CommandRows.Ensure(unit, Make.Command(id, "instance"))));

        var found = await on.Read(unit => CommandRows.Waiting(unit, ["instance"]));
        Assert.True(refused is null ? found.Single().Id == id : found.Count == 0);
    }

    [Fact]
    public async Task Long_values_come_back()
    {
        var group = new ConfigurationGroup
        {
            Id = on.Ids.NewId(),
            TenantId = "project",
            Name = "group",
            DatastoreVersionId = "version",
            ValuesJson = $$"""{"init_connect":"{{new string('\u00e4', 200_000)}}"}""",
            Created = 1,
            Updated = 1,
        };

        await on.Write(unit => ConfigurationRows.Insert(unit, group));

        Assert.Equal(group, await on.Read(unit => ConfigurationRows.Find(unit, group.Id)));
    }

    [Fact]
    public async Task Every_column_of_an_instance_comes_back()
    {
        var id = on.Ids.NewId();
        var written = Make.Instance(id) with
        {
            ConfigurationId = "group",
            AvailabilityZone = "zone",
            Nics = "[]",
            SlaveOfId = "master",
            RoleEpoch = 1,
            Lifecycle = Lifecycle.Building,
            BinaryLog = BinaryLogChoice.Always,
            ServerNumber = 5_000_000_000,
        };
        await on.Write(unit => InstanceRows.Insert(unit, written));
        Assert.Equal(written, await on.Read(unit => InstanceRows.Find(unit, id)));

        await on.Write(unit =>
        {
            InstanceChanges.SetRootEnabled(unit, id, enabled: true);
            InstanceChanges.SetAddresses(unit, id, "10.0.0.7", []);
            InstanceChanges.SetNotEnforced(unit, id, "memory");
            InstanceChanges.SetFault(unit, id, Lifecycle.Failed, new string('f', 3000), "details", now: 7);
            InstanceChanges.SetDeleted(unit, id, now: 8);
        });

        Assert.Equal(
            written with
            {
                RootEnabled = true,
                Address = "10.0.0.7",
                Addresses = "[]",
                NotEnforced = "memory",
                Lifecycle = Lifecycle.Failed,
                FaultMessage = new string('f', 2000),
                FaultDetails = "details",
                FaultAt = 7,
                Updated = 8,
                Deleted = true,
                DeletedAt = 8,
                Version = 5,
            },
            await on.Read(unit => InstanceRows.Find(unit, id)));
    }
}

public sealed class NameTestsOnSqlite(SqliteControlDatabase on) : NameTests(on), IClassFixture<SqliteControlDatabase>;

public sealed class NameTestsOnMariaDb(MariaDbControlDatabase on) : NameTests(on), IClassFixture<MariaDbControlDatabase>;

public sealed class NameTestsOnMySql(MySqlControlDatabase on) : NameTests(on), IClassFixture<MySqlControlDatabase>;
