using System.Text.Json.Nodes;
using Dbaas.Cloud.Conformance;
using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.OpenStack.Tier.Guests;

/// <summary>
/// The whole service on the lab's cloud, as a member of a project that has a network of its own, with guests behind the servers. Disposing
/// of it removes everything from the cloud, also what the service has left.
/// </summary>
internal sealed class ServiceOnLab : IAsyncDisposable
{
    private const int LastLines = 40;
    private readonly IReadOnlyList<GuestNetwork> _networks;

    private ServiceOnLab(LabProject project, IReadOnlyList<GuestNetwork> networks, RunningService service)
    {
        (Project, _networks, Service) = (project, networks, service);
        Hypervisor = new Hypervisor(project.Id, networks);
    }

    public LabProject Project { get; }

    /// <summary>The management network; null: there is one network only.</summary>
    public GuestNetwork? Management => _networks.Count > 1 ? _networks[1] : null;

    public RunningService Service { get; }

    public Hypervisor Hypervisor { get; }

    /// <summary>Runs a test on a service of its own. What guests and service said last is printed when it fails.</summary>
    /// <param name="test">The test.</param>
    /// <param name="through">The way to the cloud; null: the direct one.</param>
    /// <param name="hasManagement">Whether servers have a second network, by which the service and other members reach them.</param>
    /// <param name="isAdmin">Whether it is an administrator of the cloud.</param>
    /// <param name="configure">Changes the service's configuration.</param>
    public static async Task UseAsync(
        Func<ServiceOnLab,
        Task> test,
        FaultProxy? through = null,
        bool hasManagement = false,
        bool isAdmin = false,
        Action<JsonObject>? configure = null)
    {
        await using var lab = await StartAsync(through, hasManagement, isAdmin, configure ?? (_ => { }));
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

    /// <summary>Of a service that is a member of the project.</summary>
    public static JsonObject Settings(LabProject project, string networkId, string gateway)
    {
        var settings = RunningService.Settings();
        settings["Plane"] = "OpenStack";

        // A call gets four fifths of it, and a cloud on a busy machine is slow.
        settings["LeaseSeconds"] = 30;
        settings["OpenStack"] = new JsonObject
        {
            ["AuthUrl"] = Lab.AuthUrl.AbsoluteUri,
            ["UserName"] = project.Options.User,
            ["Password"] = Lab.Password,
            ["ProjectName"] = project.Options.Project,
            ["Region"] = "RegionOne",
            ["NetworkId"] = networkId,
            ["GatewayAddress"] = gateway,
        };
        return settings;
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
            foreach (var network in _networks)
            {
                await network.DisposeAsync();
            }

            await Project.DisposeAsync();
        }
    }

    private static async Task<ServiceOnLab> StartAsync(FaultProxy? through, bool hasManagement, bool isAdmin, Action<JsonObject> configure)
    {
        var project = await LabProject.MakeAsync(GuestNetwork.FreeSubnet().ToString());
        if (isAdmin)
        {
            await project.GrantAsync("admin");
        }

        using var own = Lab.Raw(project.Options);
        var networks = new List<GuestNetwork> { await GuestNetwork.MakeAsync(own, project.Options.NetworkId!) };
        if (hasManagement)
        {
            networks.Add(
                await GuestNetwork.MakeAsync(own, await project.AddNetworkAsync("management", GuestNetwork.FreeSubnet().ToString())));
        }

        var settings = Settings(project, networks[0].Id, networks[^1].Gateway.ToString());
        var cloud = settings["OpenStack"]!;
        cloud["ManagementNetworkId"] = hasManagement ? networks[1].Id : null;
        cloud["AuthUrl"] = (through?.AuthUrl ?? Lab.AuthUrl).AbsoluteUri;
        cloud["ExtendsAttachedVolumes"] = GuestDisk.GrowsMounted;
        configure(settings);
        var lab = new ServiceOnLab(project, networks, await RunningService.StartAsync(settings));
        using var trove = await lab.Service.LogInAsync();
        await Eventually.SeeAsync(
            "the cloud's flavors are on offer",
            PlaneDriver.Patience,
            () => trove.SendAsync(HttpMethod.Get, "flavors/small"),
            seen => seen.Status == 200);
        return lab;
    }
}
