using Dbaas.GuestAgent.Files;
using Dbaas.GuestAgent.Processes;
using Dbaas.GuestProtocol.Channel;

namespace Dbaas.GuestAgent.Machine;

/// <summary>What an agent does first on a machine of its own: to learn what it is.</summary>
internal static class MachineStart
{
    private const string CloudInitFile = "/etc/dbaas/bootstrap.json";

    public static async Task<GuestBootstrap> FindBootstrapAsync(TimeProvider time, Action<string> log, CancellationToken stopping)
    {
        PrivateFile.EnsureFolder(MachineDefaults.StatePath);
        var processes = new ProcessRunner("machine-start");
        await processes.EndLeftoversAsync(stopping);
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
        return await new MachineBootstrap(
            [
                new ConfigDrive(new MachineTools(processes)),
                new FileSource("a file of cloud-init", CloudInitFile),
                new MetadataService(client),
            ],
            Path.Combine(MachineDefaults.StatePath, "bootstrap.json"),
            MachineDefaults.OfThisMachine(),
            time,
            log).FindAsync(stopping);
    }
}
