using System.Net;

namespace Dbaas.GuestAgent.Machine;

/// <summary>The user data that a cloud's network gives to each server.</summary>
internal sealed class MetadataService(HttpClient client) : IBootstrapSource
{
    // Only while there is no document: a network without that address does not even refuse.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly Uri UserData = new("http://169.254.169.254/openstack/latest/user_data");

    public string Name => "the metadata address";

    public async Task<byte[]?> ReadAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        using var answer = await client.GetAsync(UserData, limit.Token);
        return answer.StatusCode == HttpStatusCode.NotFound
            ? null
            : await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(limit.Token);
    }
}
