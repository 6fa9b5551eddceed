using System.Net;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.OpenStack.Session;

/// <summary>
/// Requests on the wire: each with a deadline, and sent again only where that cannot do it twice: a connection that was refused, a service
/// that says "not now", and reads.
/// </summary>
internal sealed class CloudTransport(HttpClient http, TimeSpan callTimeout, TimeProvider time)
{
    private const int Attempts = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <param name="make">Makes the message anew for each attempt.</param>
    public async Task<CloudReply> SendAsync(CloudRequest request, Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            TimeSpan pause;
            try
            {
                var reply = await SendOnceAsync(request, make, cancellationToken);
                if (attempt == Attempts || !MaySendAgain(request, reply, out pause))
                {
                    return reply;
                }
            }
            catch (HttpRequestException e)
            {
                if (attempt == Attempts || !(IsRead(request) || WasNotSent(e)))
                {
                    throw Faults.Unanswered(request, e);
                }

                pause = Pause * attempt;
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    private async Task<CloudReply> SendOnceAsync(CloudRequest request, Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(callTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            using var message = make();
            using var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var body = await response.Content.ReadAsByteArrayAsync(either.Token);
            var after = response.Headers.RetryAfter;
            return new CloudReply(request, response.StatusCode, body, RequestIdIn(response), after?.Delta ?? after?.Date - time.GetUtcNow())
            {
                Headers = response.Headers,
                Length = response.Content.Headers.ContentLength,
            };
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw Faults.Unanswered(request, new TimeoutException($"No answer within {callTimeout.TotalSeconds:0} s.", e));
        }
    }

    private static bool MaySendAgain(CloudRequest request, CloudReply reply, out TimeSpan pause)
    {
        pause = reply.RetryAfter ?? Pause;
        var says = reply.Status is HttpStatusCode.TooManyRequests
            || (reply.Status is HttpStatusCode.ServiceUnavailable && reply.RetryAfter is not null);
        var isRead = IsRead(request)
            && reply.Status is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;
        return (says || isRead) && pause >= TimeSpan.Zero && pause <= LongestPause;
    }

    private static bool IsRead(CloudRequest request) => request.Method == HttpMethod.Get || request.Method == HttpMethod.Head;

    private static bool WasNotSent(HttpRequestException e) =>
        e.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
            or HttpRequestError.SecureConnectionError;

    private static string? RequestIdIn(HttpResponseMessage response)
    {
        foreach (var name in (string[])["x-openstack-request-id", "x-compute-request-id"])
        {
            if (response.Headers.TryGetValues(name, out var values))
            {
                return values.First();
            }
        }

        return null;
    }
}
