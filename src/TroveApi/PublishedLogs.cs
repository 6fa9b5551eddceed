using Dbaas.Cloud.Logs;
using Dbaas.Cloud.Ports;
using Dbaas.Domain.Logs;
using Dbaas.TroveApi.Logs;

namespace Dbaas.TroveApi;

/// <summary>What the task manager publishes is what the API reads.</summary>
internal sealed class PublishedLogs(LogObjects objects) : IPublishedLogs
{
    public async Task<byte[]?> ReadAsync(
        PublishedLog log, string secret, PublishedPart part, CancellationToken cancellationToken)
    {
        try
        {
            return await objects.ReadAsync(log, secret, part.Object, cancellationToken);
        }
        catch (CloudException e)
        {
            throw new IOException(e.Message, e);
        }
    }
}
