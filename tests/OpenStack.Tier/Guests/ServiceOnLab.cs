using System.Text.Json.Nodes;
using Dbaas.Cloud.Conformance;
using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.OpenStack.Tier.Guests;

/// <summary>
/// The whole service on the lab's cloud, as a member of a project that has a network of its own, with guests behind the servers. Disposing of it
/// removes everything from the cloud, also what the service has left.
/// </summary>
internal sealed class ServiceOnLab : IAsyncDisposable
{
    private const int LastLines = 40;
    private readonly GuestNetwork _network;

    private ServiceOnLab(LabProject project, GuestNetwork network, RunningService service)
    {
        (Project, _network, Service) = (project, network, service);
        Hypervisor = new Hypervisor(project.Id, [network]);
    }

    public LabProject Project { get; }

    public RunningService Service { get; }

    public Hypervisor Hypervisor { get; }

    /// <summary>Runs a test on a service of its own. What guests and service said last is printed when it fails.</summary>
    /// <param name="test">The test.</param>
    /// <param name="through">The way to the cloud; null: the direct one.</param>
    public static async Task UseAsync(Func<ServiceOnLab, Task> test, FaultProxy? through = null)
    {
        await using var lab = await StartAsync(through);
        try
        {
            await test(lab);
        }
        catch
        {
            foreach (var said in lab.Hypervisor.Consoles.Append(await File.ReadAllTextAsync(lab.Service.StatePath + ".log")))
            {
                Console.WriteLine(string.Join('\n', said.Split('\n').TakeLast(LastLines)));
            }

            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Service.DisposeAsync();
        }
        finally
        {
            await Project.EmptyAsync();
            await Hypervisor.DisposeAsync();
            await _network.DisposeAsync();
            await Project.DisposeAsync();
        }
    }

    private static async Task<ServiceOnLab> StartAsync(FaultProxy? through)
    {
        var project = await LabProject.MakeAsync(GuestNetwork.FreeSubnet().ToString());
        using var own = Lab.Raw(project.Options);
        var network = await GuestNetwork.MakeAsync(own, project.Options.NetworkId!);
        var settings = RunningService.Settings();
        settings["Plane"] = "OpenStack";

        // A call gets four fifths of it, and a cloud on a busy machine is slow.
        settings["LeaseSeconds"] = 30;
        settings["OpenStack"] = new JsonObject
        {
            ["AuthUrl"] = (through?.AuthUrl ?? Lab.AuthUrl).AbsoluteUri,
            ["UserName"] = project.Options.User,
            ["Password"] = Lab.Password,
            ["ProjectName"] = project.Options.Project,
            ["Region"] = "RegionOne",
            ["NetworkId"] = network.Id,
            ["GatewayAddress"] = network.Gateway.ToString(),
            ["ExtendsAttachedVolumes"] = GuestDisk.GrowsMounted,
        };
        var lab = new ServiceOnLab(project, network, await RunningService.StartAsync(settings));
        using var trove = await lab.Service.LogInAsync();
        await Eventually.SeeAsync(
            "the cloud's flavors are on offer", PlaneDriver.Patience, () => trove.SendAsync(HttpMethod.Get, "flavors/small"), seen => seen.Status == 200);
        return lab;
    }
}
