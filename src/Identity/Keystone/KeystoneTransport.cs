using System.Net;
using Dbaas.Keystone;

namespace Dbaas.Identity.Keystone;

/// <summary>Requests to Keystone: each with a deadline of seconds, since a user waits, and sent once more when that may help.</summary>
internal sealed class KeystoneTransport(KeystoneIdentityOptions options, TimeProvider time) : IDisposable
{
    // Whoever sends made-up tokens makes us ask about each; Keystone is not to suffer from that.
    private const int Connections = 32;
    private const int LargestAnswer = 1024 * 1024;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly HttpClient _http = Create(options);

    /// <param name="make">Makes the request anew for each attempt. A login or a question that arrives twice does no harm.</param>
    /// <param name="cancellationToken">When nobody waits any more.</param>
    /// <exception cref="IdentityUnavailableException">There was no answer.</exception>
    public async Task<KeystoneReply> SendAsync(Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(options.CallTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await TrySendAsync(make, either.Token) ?? await SendAfterPauseAsync(make, either.Token);
        }
        catch (HttpRequestException e)
        {
            // The innermost says most: which certificate, or why there is no connection.
            throw new IdentityUnavailableException($"it does not answer: {e.GetBaseException().Message}", e);
        }
        catch (OperationCanceledException e)
        {
            throw new IdentityUnavailableException("it does not answer in time", e);
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Null: it may be different the next time.</summary>
    private async Task<KeystoneReply?> TrySendAsync(Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        try
        {
            var reply = await SendOnceAsync(make, cancellationToken);
            return reply.Status >= HttpStatusCode.InternalServerError ? null : reply;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private async Task<KeystoneReply> SendAfterPauseAsync(Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        await Task.Delay(Pause, time, cancellationToken);
        return await SendOnceAsync(make, cancellationToken);
    }

    private async Task<KeystoneReply> SendOnceAsync(Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        var askedAt = time.GetTimestamp();
        using var request = make();
        using var response = await _http.SendAsync(request, cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var token = response.Headers.TryGetValues("X-Subject-Token", out var values) ? values.First() : null;
        return new KeystoneReply(response.StatusCode, body, token, askedAt);
    }

    private static HttpClient Create(KeystoneIdentityOptions options)
    {
        var http = CloudHttp.Create(options.Account.CaFile, Connections);
        http.MaxResponseContentBufferSize = LargestAnswer;
        return http;
    }
}
