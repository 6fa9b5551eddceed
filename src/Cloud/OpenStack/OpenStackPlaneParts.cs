using Dbaas.Cloud.OpenStack.Cinder;
using Dbaas.Cloud.OpenStack.Glance;
using Dbaas.Cloud.OpenStack.Networks;
using Dbaas.Cloud.OpenStack.Neutron;
using Dbaas.Cloud.OpenStack.Nova;
using Dbaas.Cloud.OpenStack.Servers;
using Dbaas.Cloud.OpenStack.Session;
using Dbaas.Cloud.OpenStack.Volumes;
using Dbaas.Keystone;

namespace Dbaas.Cloud.OpenStack;

/// <summary>The parts of the plane, put together over one session.</summary>
internal sealed class OpenStackPlaneParts : IDisposable
{
    private readonly HttpClient _http;

    public OpenStackPlaneParts(OpenStackOptions options, TimeProvider time)
    {
        _http = CloudHttp.Create(options.Account.CaFile);
        var marks = new Marks(options.DeploymentId);
        Session = new CloudSession(_http, options, time);
        var nova = new NovaClient(Session);
        var neutron = new NeutronClient(Session);
        var cinder = new CinderClient(Session);
        var ports = new PortFinder(neutron, marks);
        var servers = new ServerFinder(nova, ports, marks);
        var volumes = new VolumeFinder(cinder, marks);
        var groups = new ServerGroups(nova, marks);
        var maker = new ServerMaker(
            nova, new ImageFinder(new GlanceClient(Session), options.Image), ports, volumes, groups, marks, options);
        var faults = new ServerFaults(nova, time);
        var power = new ServerPower(nova, servers, options, time);
        Compute = new OpenStackCompute(nova, servers, maker, groups, power, new ServerMoves(nova, servers, faults), faults, marks);
        Volumes = new OpenStackVolumes(cinder, volumes, new AttachedExtension(cinder, nova, options), nova, marks);
        Networks = new OpenStackNetworks(
            neutron,
            ports,
            new SecurityGroups(neutron, marks),
            new FloatingAddresses(neutron, marks, options),
            new NetworkPermission(neutron, options),
            marks,
            options);
    }

    public CloudSession Session { get; }

    public OpenStackCompute Compute { get; }

    public OpenStackVolumes Volumes { get; }

    public OpenStackNetworks Networks { get; }

    public void Dispose()
    {
        Session.Dispose();
        _http.Dispose();
    }
}
