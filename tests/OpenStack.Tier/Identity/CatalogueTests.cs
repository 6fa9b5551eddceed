using System.Text.Json.Nodes;
using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.OpenStack.Tier.Identity;

/// <summary>Unmodified clients find the service in Keystone's catalogue.</summary>
[Collection(KeystoneCollection.Name)]
public sealed class CatalogueTests(KeystoneFixture service)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Every_client_lists_what_a_member_has()
    {
        var user = await service.Accounts.MakeAsync("member");
        await service.ChangeAsync(user, await user.LogInAsync());

        Assert.Equal("[]", await user.RunAsync("openstack", "database", "instance", "list", "-f", "json"));
        Assert.Contains("m1.tiny", await user.RunAsync("openstack", "database", "flavor", "list"), StringComparison.Ordinal);
        Assert.Contains("mariadb", await user.RunAsync("openstack", "database", "configuration", "list"), StringComparison.Ordinal);
        Assert.Contains("mariadb", await user.RunAsync("trove", "datastore-list"), StringComparison.Ordinal);
        Assert.Contains("mariadb", await user.RunAsync(Repository.TroveCli, "datastore-list"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_member_makes_an_instance_that_others_do_not_see_and_a_reader_of_the_project_does()
    {
        var (user, stranger) = (await service.Accounts.MakeAsync("member"), await service.Accounts.MakeAsync("member"));
        var reader = await service.Accounts.MakeBesideAsync(user, "reader");
        using var trove = await TroveClient.LogInAsync(Lab.AuthUrl.AbsoluteUri, user.Name, Lab.Password, user.ProjectName);

        var created = await user.RunAsync(
            "openstack", "database", "instance", "create", "db", "--flavor", "7", "--size", "1", "--datastore", "mariadb",
            "--datastore-version", "10.11",
            "--nic", "net-id=00000000-0000-0000-0000-000000000001", "-f", "json");
        var id = JsonNode.Parse(created)!["id"]!.GetValue<string>();
        await trove.AwaitStatusAsync(id, "ACTIVE", Patience);

        Assert.Contains(id, await user.RunAsync("openstack", "database", "instance", "list"), StringComparison.Ordinal);
        Assert.Contains(id, await reader.RunAsync("openstack", "database", "instance", "list"), StringComparison.Ordinal);
        Assert.DoesNotContain(id, await stranger.RunAsync("openstack", "database", "instance", "list"), StringComparison.Ordinal);
        await user.RunAsync("openstack", "database", "instance", "delete", id);
        await trove.AwaitGoneAsync(id, Patience);
    }
}
