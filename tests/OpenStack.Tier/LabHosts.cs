using System.Text.Json.Nodes;
using Dbaas.Cloud.Conformance;
using Dbaas.Cloud.OpenStack.Session;
using Dbaas.Cloud.Ports;

namespace Dbaas.OpenStack.Tier;

/// <summary>The hosts of the lab's cloud.</summary>
internal static class LabHosts
{
    /// <summary>Nova takes a service's id here since.</summary>
    private const string ServicesById = "2.53";

    /// <summary>It is dead, says an operator.</summary>
    public static Task ForceDownAsync(RawCloud admin, string host) => SetAsync(admin, host, isDown: true);

    /// <summary>It is alive again, says an operator.</summary>
    /// <remarks>
    /// Nova does not let a host come back while it remembers an evacuation from it, and that goes with the server: or else the host's
    /// compute service has to be started again.
    /// </remarks>
    public static Task<bool> ComeBackAsync(RawCloud admin, string host) => PlaneDriver.RepeatAsync(
        $"{host} is back",
        async () =>
        {
            try
            {
                await SetAsync(admin, host, false);
                return true;
            }
            catch (CloudException e) when (e.Message.Contains("Unable to force up", StringComparison.Ordinal))
            {
                return false;
            }
        },
        isBack => isBack);

    private static async Task SetAsync(RawCloud admin, string host, bool isDown)
    {
        var services = await admin.GetAsync(CloudService.Compute, $"os-services?binary=nova-compute&host={host}", ServicesById);
        var id = services["services"]!.AsArray().Single()!["id"]!.GetValue<string>();
        await admin.DoAsync(
            CloudService.Compute, HttpMethod.Put, $"os-services/{id}", new JsonObject { ["forced_down"] = isDown }, ServicesById);
    }
}
