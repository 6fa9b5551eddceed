using System.Net;
using System.Net.Sockets;
using Dbaas.Cloud.Hosts;
using Dbaas.Cloud.Local.Host;
using Dbaas.Cloud.Local.Networks;
using Dbaas.Cloud.Ports;
using Dbaas.Cloud.Processes;
using Dbaas.Testing;
using static Dbaas.Cloud.Tests.Local.PlaneFixture;

namespace Dbaas.Cloud.Tests.Local;

public sealed class NetworkTests
{
    [Fact]
    public async Task Ports_asked_for_at_once_get_different_addresses_and_keep_them()
    {
        await using var fixture = new PlaneFixture();
        var keys = Enumerable.Range(0, 20).Select(i => $"p{i}").ToArray();
        var planes = new[] { fixture.NewPlane(), fixture.NewPlane() };

        var first = await Task.WhenAll(keys.Select((key, i) => planes[i % 2].Networks.EnsurePortAsync(key, null, Cancellation)));
        var second = await Task.WhenAll(keys.Select((key, i) => planes[(i + 1) % 2].Networks.EnsurePortAsync(key, null, Cancellation)));

        Assert.Equal(20, first.Distinct().Count());
        Assert.Equal(first, second);
        Assert.DoesNotContain(await fixture.Plane.Networks.EnsureHostAddressAsync(Cancellation), first);
    }

    /// <summary>It looks at all ports, and gives away what none of them has.</summary>
    [Fact]
    public async Task No_port_goes_while_somebody_chooses_an_address()
    {
        await using var fixture = new PlaneFixture();
        await fixture.Plane.Networks.EnsurePortAsync("a", null, Cancellation);
        Task going;
        using (await FileLock.TakeAsync(fixture.Paths.Lock, TimeProvider.System, Cancellation))
        {
            going = fixture.Plane.Networks.DeletePortAsync("a", Cancellation);
            Assert.NotNull(fixture.Plane.Networks.Find("a"));
        }

        await going;
        Assert.Null(fixture.Plane.Networks.Find("a"));
    }

    [Fact]
    public async Task An_address_asked_for_is_given_once_and_only_from_the_subnet()
    {
        await using var fixture = new PlaneFixture();
        var host = (await fixture.Plane.Networks.EnsureHostAddressAsync(Cancellation)).GetAddressBytes();
        var wanted = new IPAddress([host[0], host[1], host[2], 77]);

        Assert.Equal(wanted, await fixture.Plane.Networks.EnsurePortAsync("a", wanted, Cancellation));
        Assert.Equal(wanted, await fixture.Plane.Networks.EnsurePortAsync("a", wanted, Cancellation));
        foreach (var refused in new[] { wanted, new IPAddress(host), IPAddress.Parse("192.0.2.7") })
        {
            await Assert.ThrowsAsync<CloudException>(() => fixture.Plane.Networks.EnsurePortAsync("b", refused, Cancellation));
        }

        await fixture.Plane.Networks.DeletePortAsync("a", Cancellation);
        await fixture.Plane.Networks.DeletePortAsync("a", Cancellation);
        Assert.Equal(wanted, await fixture.Plane.Networks.EnsurePortAsync("b", wanted, Cancellation));
    }

    [Fact]
    public async Task Servers_reach_one_another_and_the_hosts_gateway_and_nothing_else()
    {
        await using var fixture = new PlaneFixture();
        var first = await fixture.StartServerAsync(Spec("a"));
        var second = await fixture.StartServerAsync(Spec("b"));
        using var gateway = new TcpListener(await fixture.Plane.Networks.EnsureHostAddressAsync(Cancellation), 0);
        gateway.Start();
        await fixture.Plane.Networks.EnsureGatewayAccessAsync(((IPEndPoint)gateway.LocalEndpoint).Port, Cancellation);
        using var other = new TcpListener(IPAddress.Any, 0);
        other.Start();
        Assert.Null(
            await fixture.AskFromAsync(
                "a", new IPEndPoint(((IPEndPoint)gateway.LocalEndpoint).Address, ((IPEndPoint)other.LocalEndpoint).Port)));
        Assert.False(other.Pending());
        var asked = gateway.AcceptTcpClientAsync(Cancellation).AsTask();

        Assert.Contains(
            $"I am {second}", await fixture.AskFromAsync("a", new IPEndPoint(second, StandInAgent.Port)), StringComparison.Ordinal);
        Assert.Contains(
            $"I am {first}", await fixture.AskFromAsync("b", new IPEndPoint(first, StandInAgent.Port)), StringComparison.Ordinal);

        // So there is no way to the metadata address, nor to anything else.
        var routes = await HostCommand.RunAsync("ip", ["-n", fixture.Paths.Namespace("a"), "-4", "route"], Cancellation);
        Assert.StartsWith($"{Subnet.Parse(SubnetOf(first))} dev eth0", Assert.Single(routes.Trim().Split('\n')), StringComparison.Ordinal);

        var asking = fixture.AskFromAsync("a", (IPEndPoint)gateway.LocalEndpoint);
        using (var caller = await asked)
        {
            Assert.Equal(first, ((IPEndPoint)caller.Client.RemoteEndPoint!).Address);
        }

        await asking;
    }

    [Fact]
    public async Task The_hosts_clients_are_let_in_on_the_databases_ports_unless_a_list_names_others()
    {
        await using var fixture = new PlaneFixture();
        var address = await fixture.StartServerAsync(Spec("a"));
        await fixture.StartServerAsync(Spec("b"));
        var open = new PortAccess { TcpPorts = [StandInAgent.Port] };

        await fixture.Plane.Networks.EnsureAccessAsync("a", open with { AllowedCidrs = ["192.0.2.0/24"] }, Cancellation);
        Assert.False(await ReachesAsync(address));
        Assert.NotNull(await fixture.AskFromAsync("b", new IPEndPoint(address, StandInAgent.Port)));

        await fixture.Plane.Networks.EnsureAccessAsync("a", open, Cancellation);
        Assert.True(await ReachesAsync(address));

        await fixture.Plane.Networks.EnsureAccessAsync("a", open with { TcpPorts = [StandInAgent.Port + 1] }, Cancellation);
        Assert.False(await ReachesAsync(address));
        Assert.NotNull(await fixture.AskFromAsync("b", new IPEndPoint(address, StandInAgent.Port)));

        static async Task<bool> ReachesAsync(IPAddress address)
        {
            using var client = new TcpClient();
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(3));
            try
            {
                await client.ConnectAsync(address, StandInAgent.Port, deadline.Token);
                return true;
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task Services_started_at_once_take_different_subnets_and_users()
    {
        await using var one = new PlaneFixture();
        await using var two = new PlaneFixture();

        var addresses = await Task.WhenAll(one.StartServerAsync(Spec("a")), two.StartServerAsync(Spec("a")));

        Assert.NotEqual(addresses[0].GetAddressBytes().Take(3), addresses[1].GetAddressBytes().Take(3));
        Assert.NotEqual(one.FolderOf("a").Read()!.UserId, two.FolderOf("a").Read()!.UserId);
        Assert.True(await one.Plane.Compute.DeleteServerAsync("a", Cancellation));
        await one.NewPlane().RemoveEverythingAsync(Cancellation);
        await ServesAsync(addresses[1]);
    }

    [Fact]
    public async Task A_restarted_service_keeps_its_subnet_and_makes_the_bridge_again()
    {
        await using var fixture = new PlaneFixture();
        var host = await fixture.Plane.Networks.EnsureHostAddressAsync(Cancellation);
        var again = fixture.NewPlane();
        Assert.Equal(host, await again.Networks.EnsureHostAddressAsync(Cancellation));

        await HostCommand.RunAsync("ip", ["link", "delete", fixture.Paths.Bridge], Cancellation);

        Assert.Equal(host, await again.Networks.EnsureHostAddressAsync(Cancellation));
        using var listener = new TcpListener(host, 0);
        await Eventually.HoldsAsync("the host has its address", Soon, () =>
        {
            listener.Start();
            return true;
        });
    }

    [Fact]
    public async Task Nobody_else_takes_the_subnet_of_a_service_whose_bridge_is_gone()
    {
        // As after a restart of the machine, when the other service is the first to start.
        await using var fixture = new PlaneFixture();
        var host = await fixture.Plane.Networks.EnsureHostAddressAsync(Cancellation);
        await HostCommand.RunAsync("ip", ["link", "delete", fixture.Paths.Bridge], Cancellation);

        await using var other = new PlaneFixture();
        Assert.NotEqual(host, await other.Plane.Networks.EnsureHostAddressAsync(Cancellation));

        fixture.RestartService();
        Assert.Equal(host, await fixture.Plane.Networks.EnsureHostAddressAsync(Cancellation));
    }

    [Fact]
    public async Task A_service_that_was_removed_claims_no_subnet()
    {
        string[] Claims() => Directory.Exists(PlanePaths.SharedServices) ? Directory.GetFiles(PlanePaths.SharedServices) : [];
        string claim;
        await using (var fixture = new PlaneFixture())
        {
            await fixture.Plane.Networks.EnsureHostAddressAsync(Cancellation);
            claim = Assert.Single(Claims(), file => file.Contains(fixture.Paths.Hash, StringComparison.Ordinal));
        }

        Assert.DoesNotContain(claim, Claims());
        await using var byHand = new PlaneFixture();
        await byHand.Plane.Networks.EnsureHostAddressAsync(Cancellation);
        File.Delete(byHand.Paths.Plane);
        await using var other = new PlaneFixture();
        await other.Plane.Networks.EnsureHostAddressAsync(Cancellation);
        Assert.DoesNotContain(Claims(), file => file.Contains(byHand.Paths.Hash, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("10.88.3.0/24", "10.88.3.7/32", true)]
    [InlineData("10.88.3.0/24", "10.0.0.0/8", true)]
    [InlineData("10.88.3.0/24", "10.88.4.0/24", false)]
    [InlineData("10.88.3.0/24", "192.168.0.0/16", false)]
    public void Subnets_overlap_when_one_holds_the_other(string subnet, string other, bool expected) =>
        Assert.Equal(expected, Subnet.Parse(subnet).Overlaps(IPNetwork.Parse(other)));

    [Theory]
    [InlineData("10.88.3.0/16")]
    [InlineData("10.88.3.7/24")]
    [InlineData("fd00::/24")]
    [InlineData("nonsense")]
    public void A_subnet_that_is_none_is_refused(string text) => Assert.Throws<CloudException>(() => Subnet.Parse(text));

    private static string SubnetOf(IPAddress address) => string.Join('.', address.GetAddressBytes().Take(3)) + ".0/24";
}
