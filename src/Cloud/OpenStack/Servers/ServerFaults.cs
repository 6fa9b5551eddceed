using Dbaas.Cloud.OpenStack.Nova;
using Dbaas.Cloud.OpenStack.Session;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.OpenStack.Servers;

/// <summary>Why a server failed, in a sentence for its user.</summary>
internal sealed class ServerFaults(NovaClient nova, TimeProvider time)
{
    private const int Looks = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The server as it is, with the reason when it is in error. Nova writes the state first, and the reason a moment later.
    /// </summary>
    public async Task<Server> DescribeAsync(NovaServer server, string key, CancellationToken cancellationToken)
    {
        var seen = server;
        for (var look = 1; look < Looks && seen is { State: CloudServerState.Error, Fault: null }; look++)
        {
            await Task.Delay(Pause, time, cancellationToken);
            seen = await nova.FindServerAsync(server.Id, cancellationToken) ?? seen;
        }

        return seen.State == CloudServerState.Error
            ? seen.Described(key, Sentence(seen.Fault?.Message ?? "The cloud does not say why."))
            : seen.Described(key);
    }

    /// <summary>Why an action failed that left the server as it was.</summary>
    public async Task<string> OfActionAsync(string serverId, string requestId, CancellationToken cancellationToken)
    {
        var events = (await nova.FindActionAsync(serverId, requestId, cancellationToken))?.Events ?? [];
        var failed = events.Where(one => one.Result == "Error").ToArray();
        if (failed.Select(one => one.Details).FirstOrDefault(text => !string.IsNullOrWhiteSpace(text)) is { } details)
        {
            return Sentence(details);
        }

        // Only administrators of the cloud are told details. That no host ever worked on it can be seen by everybody.
        return failed.Length > 0 && !events.Any(one => one.Event.StartsWith("compute_", StringComparison.Ordinal))
            ? "No host of the cloud could take this server."
            : "The cloud could not do it, and does not say why.";
    }

    private static string Sentence(string fault) => fault.Contains("No valid host", StringComparison.OrdinalIgnoreCase)
        ? "No host of the cloud has room for this server."
        : ServiceError.Clean(fault);
}
