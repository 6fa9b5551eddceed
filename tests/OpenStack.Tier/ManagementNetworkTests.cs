using System.Net;
using System.Text.Json.Nodes;
using Dbaas.OpenStack.Tier.Guests;
using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.OpenStack.Tier;

/// <summary>Servers with two networks: users come by one, the control plane and the other members by the other.</summary>
public sealed class ManagementNetworkTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public Task A_slave_follows_by_the_management_network_while_users_come_by_theirs() => ServiceOnLab.UseAsync(
        async lab =>
        {
            using var trove = await lab.Service.LogInAsync();
            var master = await trove.CreateAsync(
                new { name = "master", flavorRef = "small", volume = new { size = 1 }, databases = new[] { new { name = "shop" } } });
            var host = HostOf(await trove.AwaitStatusAsync(master, "ACTIVE", Patience));
            var slave = await trove.CreateAsync(new { name = "slave", replica_of = master });
            var slaveHost = HostOf(await trove.AwaitStatusAsync(slave, "ACTIVE", Patience));
            var root = (await trove.DoAsync(HttpMethod.Post, $"instances/{master}/root"))!["user"]!["password"]!.GetValue<string>();

            await Sql.RunAsync(host, "root", root, "CREATE TABLE shop.t (id INT PRIMARY KEY); INSERT INTO shop.t VALUES (1)");

            await Eventually.SeeAsync(
                "the row is on the slave",
                Patience,
                () => Sql.RunAsync(slaveHost, "root", root, "SELECT COUNT(*) FROM shop.t"),
                seen => seen == "1");
            var follower = await Sql.RunAsync(
                host, "root", root, "SELECT HOST FROM information_schema.PROCESSLIST WHERE COMMAND LIKE 'Binlog Dump%'");
            Assert.True(lab.Management!.Subnet.Contains(IPAddress.Parse(follower.Split(':')[0])), $"The slave comes from {follower}.");
            Assert.False(lab.Management.Subnet.Contains(IPAddress.Parse(host)));

            foreach (var id in new[] { slave, master })
            {
                await trove.DoAsync(HttpMethod.Delete, $"instances/{id}");
                await trove.AwaitGoneAsync(id, Patience);
            }

            Assert.Empty(await lab.Project.ContentsAsync());
        },
        hasManagement: true);

    private static string HostOf(JsonNode instance) => instance["ip"]![0]!.GetValue<string>();
}
