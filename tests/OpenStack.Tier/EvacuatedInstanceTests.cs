using Dbaas.OpenStack.Tier.Guests;
using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.OpenStack.Tier;

/// <summary>The whole service when a host is dead.</summary>
[Collection(nameof(AloneOnTheCloud))]
public sealed class EvacuatedInstanceTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);

    [Fact]
    public Task A_master_whose_host_died_goes_on_elsewhere_with_its_data_and_its_slave_follows() => ServiceOnLab.UseAsync(
        async lab =>
        {
            using var cloud = Lab.Raw(Lab.Admin());
            using var trove = await lab.Service.LogInAsync();
            using var admin = await lab.Service.LogInAsync("root");
            var (master, host) = await CreateAsync(trove, new
            {
                name = "master",
                flavorRef = "small",
                volume = new { size = 1 },
                databases = new[] { new { name = "shop" } },
                users = new[] { new { name = "app", password = "secret", databases = new[] { new { name = "shop" } } } },
            });
            var (slave, slaveHost) = await CreateAsync(trove, new { name = "slave", replica_of = master });
            await AddRowAsync(host, "CREATE TABLE shop.t (id INT PRIMARY KEY); INSERT INTO shop.t VALUES (1)");
            var dead = await HostOfAsync(admin, master);

            await LabHosts.ForceDownAsync(cloud, dead);
            try
            {
                await admin.DoAsync(HttpMethod.Post, $"mgmt/instances/{master}/action", new { evacuate = new { } });
                await trove.AwaitStatusAsync(master, "ACTIVE", Patience);

                Assert.NotEqual(dead, await HostOfAsync(admin, master));
                await AddRowAsync(host, "INSERT INTO shop.t VALUES (2)");
                await Eventually.SeeAsync(
                    "both rows on the slave",
                    Patience,
                    () => Sql.RunAsync(slaveHost, "app", "secret", "SELECT id FROM shop.t ORDER BY id"),
                    seen => seen == "1\n2");
            }
            finally
            {
                foreach (var id in new[] { slave, master })
                {
                    await trove.DoAsync(HttpMethod.Delete, $"instances/{id}");
                    await trove.AwaitGoneAsync(id, Patience);
                }

                await LabHosts.ComeBackAsync(cloud, dead);
            }

            Assert.Empty(await lab.Project.ContentsAsync());
        },
        isAdmin: true);

    private static async Task<(string Id, string Host)> CreateAsync(TroveClient trove, object instance)
    {
        var id = await trove.CreateAsync(instance);
        return (id, (await trove.AwaitStatusAsync(id, "ACTIVE", Patience))["ip"]![0]!.GetValue<string>());
    }

    private static Task<string> AddRowAsync(string host, string statements) => Sql.RunAsync(host, "app", "secret", statements);

    private static async Task<string> HostOfAsync(TroveClient admin, string id) =>
        (await admin.DoAsync(HttpMethod.Get, $"mgmt/instances/{id}"))!["instance"]!["server"]!["host"]!.GetValue<string>();
}
