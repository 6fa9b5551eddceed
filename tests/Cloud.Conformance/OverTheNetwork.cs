using System.Net.Http.Headers;
using System.Security.Cryptography;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Conformance;

/// <summary>Uses addresses of stores that have a server of their own.</summary>
public static class OverTheNetwork
{
    /// <summary>As <see cref="IStoreUnderTest.UseAsync"/>.</summary>
    public static async Task<StoreAnswer> UseAsync(HttpMethod method, ObjectAddress address, byte[]? content)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(method, address.Url);
        if (content is not null)
        {
            request.Content = new ByteArrayContent(content) { Headers = { ContentType = (MediaTypeHeaderValue?)null } };
        }

        foreach (var (name, value) in address.Headers)
        {
            var hash = SHA256.HashData(content ?? []);
            request.Headers.TryAddWithoutValidation(name, value
                .Replace("{sha256}", Convert.ToHexStringLower(hash), StringComparison.Ordinal)
                .Replace("{sha256-base64}", Convert.ToBase64String(hash), StringComparison.Ordinal));
        }

        using var answer = await http.SendAsync(request);
        return new StoreAnswer((int)answer.StatusCode, await answer.Content.ReadAsByteArrayAsync());
    }
}
