using System.Net;
using Dbaas.Cloud.Hosts;
using Dbaas.Cloud.Local.Host;
using Dbaas.Cloud.Local.Processes;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Local.Networks;

/// <summary>
/// Where servers cannot be kept apart (no root, a container): an address of 127.88.0.0/16 for each, which keeps ports apart and nothing
/// else.
/// </summary>
internal sealed class LoopbackNetwork(PlanePaths paths, string because, TimeProvider time) : IServerNetwork
{
    /// <summary>An environment variable that marks the processes of a server, since no namespace does.</summary>
    public const string MarkName = "DBAAS_SERVER";

    private readonly string _claims = Path.Combine(Path.GetTempPath(), "dbaas-" + Environment.UserName);
    private Subnet? _verified;

    public IReadOnlyList<string> NotEnforced { get; } =
    [
        "network isolation: servers share the host's network",
        .. Environment.IsPrivilegedProcess ? Array.Empty<string>() : ["user id: servers run as the service's own user"],
        "access: whoever reaches this machine's loopback addresses reaches the database",
    ];

    public IPAddress HostAddress(Subnet subnet) => IPAddress.Loopback;

    public async Task<Subnet> EnsureAsync(CancellationToken cancellationToken)
    {
        if (_verified is { } known)
        {
            return known;
        }

        Folders.MakePrivate(paths.Root);
        Folders.MakePrivate(_claims);
        using var held = await FileLock.TakeAsync(Path.Combine(_claims, "lock"), time, cancellationToken);
        var record = RecordFile.Read<PlaneRecord>(paths.Plane);
        if (record is { Isolated: true })
        {
            throw new CloudException(
                $"Servers of {paths.Root} are kept apart, which cannot be done now: {because}. Mend that, or use another state folder.",
                isTransient: false);
        }

        var subnet = record is null ? FirstFree() : Subnet.Parse(record.Subnet);
        RecordFile.Write(ClaimOf(subnet), paths.Root);
        RecordFile.Write(paths.Plane, new PlaneRecord(subnet.ToString(), Isolated: false));
        _verified = subnet;
        return subnet;
    }

    public Task EnsureGatewayAccessAsync(int port, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task EnsureServerAsync(string key, IPAddress address, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task EnsureAccessAsync(string key, PortAccess access, CancellationToken cancellationToken) => access.AllowedCidrs.Count == 0
        ? Task.CompletedTask
        : throw new CloudException(
            $"This service cannot keep anybody from reaching a server ({because}): leave allowed_cidrs away.", isTransient: false);

    public IReadOnlyList<string> Inside(string key, IReadOnlyList<string> commandLine) => commandLine;

    public Task<IReadOnlyList<int>> ProcessesAsync(string key, CancellationToken cancellationToken)
    {
        var mark = $"{MarkName}={paths.Namespace(key)}";
        IReadOnlyList<int> found = [.. ProcessTable.All().Where(pid => ProcessTable.EnvironmentOf(pid).Contains(mark))];
        return Task.FromResult(found);
    }

    public Task RemoveServerAsync(string key, IPAddress? address, CancellationToken cancellationToken) => Task.CompletedTask;

    public IReadOnlyList<string> Keys() => [];

    public Task RemoveAsync(CancellationToken cancellationToken)
    {
        if (RecordFile.Read<PlaneRecord>(paths.Plane) is { } record)
        {
            File.Delete(ClaimOf(Subnet.Parse(record.Subnet)));
        }

        _verified = null;
        return Task.CompletedTask;
    }

    // It starts at a place of its own, because services of other users keep their claims elsewhere.
    private Subnet FirstFree()
    {
        var start = Convert.FromHexString(paths.Hash)[0];
        return Enumerable.Range(0, 256).Select(i => (Subnet?)new Subnet(127, 88, (byte)(start + i))).FirstOrDefault(s => IsFree(s!.Value))
            ?? throw new CloudException("No /24 of 127.88.0.0/16 is free on this machine.", isTransient: true);
    }

    /// <summary>A claim holds as long as the state folder that made it says the same.</summary>
    private bool IsFree(Subnet subnet)
    {
        var owner = RecordFile.Read<string>(ClaimOf(subnet));
        return owner is null
            || owner == paths.Root
            || RecordFile.Read<PlaneRecord>(Path.Combine(owner, Path.GetFileName(paths.Plane)))?.Subnet != subnet.ToString();
    }

    private string ClaimOf(Subnet subnet) => Path.Combine(_claims, $"{subnet.A}.{subnet.B}.{subnet.C}");
}
