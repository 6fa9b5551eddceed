using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Dbaas.Cloud.Ports;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;
using Dbaas.GuestProtocol.Reports;
using Dbaas.Libvirt.Tier.Guests;
using Dbaas.Testing;

namespace Dbaas.Libvirt.Tier;

/// <summary>
/// The life of a server whose guest is the real image with the real agent and a real database. One story: each start takes minutes.
/// </summary>
public sealed class GuestTests(ITestOutputHelper output)
{
    private const string Key = "guest";
    private const long Gigabyte = 1L << 30;
    private static readonly PortAccess Access = new() { TcpPorts = [3306] };
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(15);
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_guest_calls_serves_grows_restarts_is_resized_and_rebuilt_with_its_data_and_leaves_nothing()
    {
        await using var plane = new Plane(
            Guid.CreateVersion7().ToString(),
            Lab.Image,
            Late,
            new CloudFlavor("small", "small", 640, 1, 2),
            new CloudFlavor("large", "large", 768, 2, 2));
        await using var gateway = await Gateway.StartAsync(await plane.Networks.EnsureHostAddressAsync(Cancel));
        try
        {
            await LiveAsync(plane, gateway);
        }
        catch
        {
            output.WriteLine(await plane.Compute.ConsoleTailAsync(Key, 60, Cancel) ?? "The console is empty.");
            throw;
        }
        finally
        {
            await plane.RemoveAsync(Key, CancellationToken.None);
        }

        Assert.Empty(await plane.Compute.ListServersAsync(Cancel));
        Assert.DoesNotContain(Key, await Lab.RunAsync("virsh", "-q", "vol-list", "dbaas"), StringComparison.Ordinal);
        Assert.DoesNotContain("-guest", await Lab.RunAsync("virsh", "-q", "nwfilter-list"), StringComparison.Ordinal);
    }

    private async Task LiveAsync(Plane plane, Gateway gateway)
    {
        // Born, and calls.
        var (port, _) = await plane.MakeServerAsync(Key, gateway.Bootstrap(Key), Access, Cancel);
        Say("the server runs");
        await gateway.ReportAsync(Key, "any", _ => true);
        Say("the agent's first report");
        Assert.Contains("Enrolled", await plane.Compute.ConsoleTailAsync(Key, 2000, Cancel), StringComparison.Ordinal);

        // Serves, to whom it may.
        await gateway.AskAsync(Key, new PrepareServer { DatastoreVersion = "10.11", ServerId = 7, Databases = [new DatabaseSpec("kept")] });
        Say("the database is prepared");
        await gateway.ReportAsync(Key, "healthy", report => report.State == ServerState.Healthy);
        await ReachableAsync(port.Address, 3306, true);
        Assert.False(await ConnectsAsync(port.Address, 22));
        await plane.Networks.EnsureAccessAsync(Key, Access with { AllowedCidrs = ["192.0.2.0/24"] }, Cancel);
        await ReachableAsync(port.Address, 3306, false);
        await gateway.ReportAsync(Key, "one from behind the closed filter", _ => true);
        await plane.Networks.EnsureAccessAsync(Key, Access, Cancel);
        await ReachableAsync(port.Address, 3306, true);
        Say("the filter was closed and opened");

        // Its volume grows while it runs.
        await plane.Volumes.EnsureVolumeAsync(new VolumeSpec { Key = Key, SizeGb = 2 }, Cancel);
        var size = (await gateway.AskAsync(Key, new GrowVolume())).Body!.Value.Deserialize<VolumeSize>(ProtocolJson.Options)!;
        Assert.Equal(2 * Gigabyte, size.DeviceBytes);
        Assert.InRange(size.FileSystemBytes, Gigabyte * 17 / 10, 2 * Gigabyte);
        Say("the volume has grown");

        // Restarted by its own system.
        await plane.Compute.RebootServerAsync(Key, RebootKind.Soft, Cancel);
        await gateway.ReportAsync(Key, "one of a new start", Began);
        await gateway.ReportAsync(Key, "healthy again", report => report.State == ServerState.Healthy);
        Assert.DoesNotContain("Failed unmounting", await plane.Compute.ConsoleTailAsync(Key, 500, Cancel), StringComparison.Ordinal);
        Say("rebooted");

        // Stopped by its own system, and larger from then on.
        await Eventually.HoldsAsync("the guest stops", Late, () => plane.Compute.StopServerAsync(Key, Cancel));
        Assert.Equal(CloudServerState.Stopped, (await plane.Compute.FindServerAsync(Key, Cancel))!.State);
        Say("stopped");
        Assert.Equal(CloudServerState.AwaitsConfirmation, (await plane.Compute.ResizeServerAsync(Key, "large", Cancel)).State);
        await gateway.ReportAsync(Key, "healthy with another size", report => report.State == ServerState.Healthy);
        Assert.True(await plane.Compute.ConfirmResizeAsync(Key, Cancel));
        Assert.Equal(CloudServerState.Active, (await plane.Compute.FindServerAsync(Key, Cancel))!.State);
        Say("resized");

        // A new root disk, the old data.
        await gateway.AskAsync(Key, new StopServer());
        await plane.Compute.RebuildServerAsync(Plane.Spec(Key, gateway.Bootstrap(Key), build: 2) with { FlavorId = "large" }, Cancel);
        await gateway.ReportAsync(Key, "stopped, for the agent is new and finds the data", report => report.State == ServerState.Stopped);
        Say("rebuilt");
        await gateway.AskAsync(Key, new StartServer());
        await gateway.ReportAsync(Key, "healthy with the old data", report => report.State == ServerState.Healthy);
        Say("the database is adopted");
        var files = (await gateway.AskAsync(Key, new GrowVolume())).Body!.Value.Deserialize<VolumeSize>(ProtocolJson.Options)!;
        Assert.Equal(2 * Gigabyte, files.DeviceBytes);
        var used = (await gateway.ReportAsync(Key, "its volume", report => report.Volume is not null)).Volume!;
        Assert.True(used.UsedBytes > 20 << 20, $"The volume holds only {used.UsedBytes} bytes: the database is not on it any more.");

        await plane.Compute.FenceAsync(Key, Cancel);
        Assert.False(await ConnectsAsync(port.Address, 3306));
    }

    private static bool Began(GuestReport report) => report.Events.Any(e => e.Kind == "agent-started");

    private static Task ReachableAsync(IPAddress address, int port, bool expected) => Eventually.HoldsAsync(
        $"{address}:{port} is {(expected ? "reachable" : "not reachable")}",
        Soon,
        async () => await ConnectsAsync(address, port) == expected);

    private static async Task<bool> ConnectsAsync(IPAddress address, int port)
    {
        using var socket = new TcpClient();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        try
        {
            await socket.ConnectAsync(address, port, limit.Token);
            return true;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return false;
        }
    }

    private void Say(string what) => output.WriteLine($"{_watch.Elapsed.TotalSeconds,6:0.0} s  {what}");
}
