using System.Text.Json.Nodes;
using Dbaas.Cloud.Ports;
using Dbaas.Testing;

namespace Dbaas.Cloud.Conformance;

/// <summary>Drives a plane's ports as operations do: again and again until it is done, also after a fault that may pass.</summary>
public static class PlaneDriver
{
    /// <summary>Long enough for a loaded machine with a whole cloud on it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <summary>Between two looks: a cloud on this machine has better things to do than to answer.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    private const int DatabasePort = 3306;

    /// <summary>Clients from everywhere.</summary>
    public static PortAccess Open { get; } = new() { TcpPorts = [DatabasePort] };

    /// <summary>The server of an instance, with port and volume of the same key.</summary>
    public static ServerSpec Spec(this IPlaneUnderTest plane, string key) => new()
    {
        Key = key,
        Name = key,
        FlavorId = plane.Flavor,
        Image = "",
        VolumeKey = key,
        PortKey = key,
        Bootstrap = new JsonObject { ["instance_id"] = key, ["port"] = DatabasePort },
    };

    /// <summary>Port, volume and server, up to a server that runs.</summary>
    public static async Task<Port> MakeAsync(this IPlaneUnderTest plane, ServerSpec spec, CancellationToken cancellationToken)
    {
        var port = await plane.MakePartsAsync(spec.Key, cancellationToken);
        await plane.RunsAsync(spec, cancellationToken);
        return port;
    }

    /// <summary>Port and volume.</summary>
    public static async Task<Port> MakePartsAsync(this IPlaneUnderTest plane, string key, CancellationToken cancellationToken)
    {
        var port = await RepeatAsync(
            "its port", () => plane.Networks.EnsurePortAsync(new PortSpec { Key = key, Access = Open }, cancellationToken), _ => true);
        await plane.MakeVolumeAsync(key, 1, cancellationToken);
        return port;
    }

    /// <summary>A volume that can be used.</summary>
    public static Task<Volume> MakeVolumeAsync(
        this IPlaneUnderTest plane, string key, int sizeGb, CancellationToken cancellationToken) => RepeatAsync(
        "its volume",
        () => plane.Volumes.EnsureVolumeAsync(new VolumeSpec { Key = key, SizeGb = sizeGb }, cancellationToken),
        volume => volume.State == VolumeState.Ready);

    /// <summary>Ensures the server until it runs.</summary>
    public static Task<Server> RunsAsync(this IPlaneUnderTest plane, ServerSpec spec, CancellationToken cancellationToken) => RepeatAsync(
        "it runs", () => plane.Compute.EnsureServerAsync(spec, cancellationToken), server => server.State == CloudServerState.Active);

    /// <summary>Server, volume and port are gone.</summary>
    public static async Task RemoveAsync(this IPlaneUnderTest plane, string key, CancellationToken cancellationToken)
    {
        await DoneAsync("the server is gone", () => plane.Compute.DeleteServerAsync(key, cancellationToken));
        await DoneAsync("the volume is gone", () => plane.Volumes.DeleteVolumeAsync(key, cancellationToken));
        await DoneAsync("the port is gone", async () =>
        {
            await plane.Networks.DeletePortAsync(key, cancellationToken);
            return true;
        });
    }

    /// <summary>Repeats a call until it says that it is done.</summary>
    public static Task DoneAsync(string expected, Func<Task<bool>> call) => RepeatAsync(expected, call, done => done);

    /// <summary>Repeats a call until its answer is accepted. A fault that does not pass by itself is the end.</summary>
    public static async Task<T> RepeatAsync<T>(string expected, Func<Task<T>> call, Func<T, bool> accept)
    {
        CloudException? fault = null;
        var looks = 0;
        var result = await Eventually.SeeAsync<T?>(
            expected,
            Patience,
            async () =>
            {
                if (looks++ > 0)
                {
                    await Task.Delay(Pause);
                }

                try
                {
                    return await call();
                }
                catch (CloudException e) when (!e.IsTransient)
                {
                    fault = e;
                    return default;
                }
            },
            value => fault is not null || (value is not null && accept(value)));
        return fault is null ? result! : throw new InvalidOperationException($"{expected}: {fault.Message} ({fault.Details})", fault);
    }
}
