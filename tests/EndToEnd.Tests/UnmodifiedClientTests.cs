using System.Text.Json.Nodes;
using Dbaas.Testing.Services;

namespace Dbaas.EndToEnd.Tests;

/// <summary>Debian's own programs, as they are.</summary>
public sealed class UnmodifiedClientTests(ServiceFixture fixture)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task The_openstack_program_creates_replicates_uses_and_deletes()
    {
        using var trove = await fixture.Service.LogInAsync();
        var created = JsonNode.Parse(await RunAsync(
            "openstack", "database", "instance", "create", "os-m", "--flavor", "7", "--size", "1", "--databases", "shop",
            "--users",
            "app:secret",
            "--datastore",
            "mariadb",
            "--datastore-version",
            "10.11",
            "--nic",
            "net-id=00000000-0000-0000-0000-000000000001",
            "-f", "json"))!;
        var master = created["id"]!.GetValue<string>();
        Assert.Equal("BUILD", created["status"]!.GetValue<string>());
        await trove.AwaitStatusAsync(master, "ACTIVE", Patience);

        await RunAsync("openstack", "database", "db", "create", master, "second");
        await RunAsync("openstack", "database", "user", "create", master, "other", "pass", "--databases", "second");
        Assert.Contains("second", await RunAsync("openstack", "database", "db", "list", master));
        Assert.Contains("other", await RunAsync("openstack", "database", "user", "list", master));
        Assert.Contains("second", await RunAsync("openstack", "database", "user", "show", "access", master, "other"));

        const string network = "10.0.0.0/255.0.0.0";
        await RunAsync("openstack", "database", "user", "create", master, "net", "pass", "--host", network);
        Assert.Contains(network, await RunAsync("openstack", "database", "user", "show", master, "net", "--host", network));
        await RunAsync("openstack", "database", "user", "grant", "access", master, "net", "second", "--host", network);
        Assert.Contains("second", await RunAsync("openstack", "database", "user", "show", "access", master, "net", "--host", network));
        await RunAsync("openstack", "database", "user", "delete", master, "net", "--host", network);
        Assert.DoesNotContain(network, await RunAsync("openstack", "database", "user", "list", master));

        var slave = JsonNode.Parse(await RunAsync(
            "openstack", "database", "instance", "create", "os-s", "--replica-of", master, "-f", "json"))!["id"]!.GetValue<string>();
        await trove.AwaitStatusAsync(slave, "ACTIVE", Patience);
        Assert.Contains("os-s", await RunAsync("openstack", "database", "instance", "list"));
        Assert.Contains(slave, await RunAsync("openstack", "database", "instance", "show", "os-m"));

        foreach (var (next, former) in new[] { (slave, master), (master, slave) })
        {
            await RunAsync("openstack", "database", "instance", "promote", next);
            await trove.AwaitStatusAsync(next, "ACTIVE", Patience);
            Assert.Equal(next, (await trove.ShowAsync(former))["replica_of"]!["id"]!.GetValue<string>());
        }

        await trove.AwaitStatusAsync(slave, "ACTIVE", Patience);
        await RunAsync("openstack", "database", "instance", "detach", slave);
        await trove.AwaitStatusAsync(slave, "ACTIVE", Patience);
        await RunAsync("openstack", "database", "instance", "delete", slave, master);
        await trove.AwaitGoneAsync(slave, Patience);
        await trove.AwaitGoneAsync(master, Patience);
    }

    [Fact]
    public async Task The_trove_program_lists_shows_restarts_and_deletes()
    {
        using var trove = await fixture.Service.LogInAsync();
        var id = await trove.CreateAsync(new { name = "legacy", flavorRef = "7", volume = new { size = 1 } });
        await trove.AwaitStatusAsync(id, "ACTIVE", Patience);

        Assert.Contains("legacy", await RunAsync("trove", "list"));
        Assert.Contains("mariadb", await RunAsync("trove", "show", "legacy"));
        Assert.Contains("m1.tiny", await RunAsync("trove", "flavor-list"));
        Assert.Contains("10.11", await RunAsync("trove", "datastore-version-list", "mariadb"));
        Assert.Contains("max_instances", await RunAsync("trove", "limit-list"));
        Assert.Contains("True", await RootEnabledAsync(id));
        await RunAsync("trove", "restart", id);
        await trove.AwaitStatusAsync(id, "ACTIVE", Patience);
        await RunAsync("trove", "delete", id);
        await trove.AwaitGoneAsync(id, Patience);
    }

    [Fact]
    public async Task Both_back_up_list_show_restore_and_delete()
    {
        using var trove = await fixture.Service.LogInAsync();
        var id = await trove.CreateAsync(new { name = "kept", flavorRef = "7", volume = new { size = 1 } });
        await trove.AwaitStatusAsync(id, "ACTIVE", Patience);

        var full = JsonNode.Parse(await RunAsync(
            "openstack", "database", "backup", "create", "os-full", "--instance", "kept", "-f", "json"))!["id"]!.GetValue<string>();
        await trove.AwaitCompletedAsync(full, Patience);
        Assert.Contains("os-later", await RunAsync("trove", "backup-create", id, "os-later", "--parent", full));
        var later = JsonNode.Parse(await RunAsync(
            "openstack", "database", "backup", "show", "os-later", "-f", "json"))!["id"]!.GetValue<string>();
        await trove.AwaitCompletedAsync(later, Patience);

        Assert.Contains("os-full", await RunAsync("openstack", "database", "backup", "list", "--instance-id", id));
        Assert.Contains("COMPLETED", await RunAsync("openstack", "database", "backup", "list", "--datastore", "mariadb"));
        Assert.Contains("os-later", await RunAsync("trove", "backup-list"));
        Assert.Contains("os-later", await RunAsync("trove", "backup-list-instance", id));
        Assert.Contains(full, await RunAsync("trove", "backup-show", "os-later"));
        await RunAsync("openstack", "database", "backup", "strategy", "list");

        var back = JsonNode.Parse(await RunAsync(
            "openstack", "database", "instance", "create", "os-back", "--flavor", "7", "--size", "1", "--backup", later,
            "--datastore", "mariadb", "--datastore-version", "10.11", "--nic", "net-id=00000000-0000-0000-0000-000000000001",
            "-f", "json"))!["id"]!.GetValue<string>();
        await trove.AwaitStatusAsync(back, "ACTIVE", Patience);

        await RunAsync("trove", "backup-delete", later);
        await trove.AwaitBackupGoneAsync(later, Patience);
        await RunAsync("openstack", "database", "backup", "delete", full);
        await trove.AwaitBackupGoneAsync(full, Patience);
        foreach (var one in new[] { id, back })
        {
            await RunAsync("trove", "delete", one);
            await trove.AwaitGoneAsync(one, Patience);
        }
    }

    private async Task<string> RootEnabledAsync(string id)
    {
        Assert.Contains("root", await RunAsync("trove", "root-enable", id));
        return await RunAsync("trove", "root-show", id);
    }

    private Task<string> RunAsync(string program, params string[] arguments) => DebianClient.RunAsync(fixture.Service, program, arguments);
}
