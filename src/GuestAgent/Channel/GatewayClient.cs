using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Mime;
using System.Security.Cryptography;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Channel;
using Dbaas.GuestProtocol.Reports;

namespace Dbaas.GuestAgent.Channel;

/// <summary>The calls of the guest channel. What one gateway does not answer, another one is asked.</summary>
internal sealed class GatewayClient(GatewayList gateways, Trust trust, AgentIdentity identity) : IDisposable
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ObjectWithin = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan ReleaseWithin = TimeSpan.FromMinutes(10);

    // Keeps the request line short; what is left out comes again and is ignored.
    private const int MostInHand = 100;

    private const int LongestSentence = 2000;

    private readonly Lock gate = new();
    private HttpClient? client;

    public Task<EnrolmentAnswer> EnrolAsync(EnrolmentRequest request, CancellationToken cancellationToken) =>
        SendAsync<EnrolmentAnswer>(HttpMethod.Post, Routes.Enrol, request, AnswerWithin, cancellationToken)!;

    public Task<EnrolmentAnswer> RenewAsync(RenewalRequest request, CancellationToken cancellationToken) =>
        SendAsync<EnrolmentAnswer>(HttpMethod.Post, Routes.Renew, request, AnswerWithin, cancellationToken)!;

    /// <summary>Says what the agent is. What the answer says of gateways is learned.</summary>
    public async Task<HelloAnswer> HelloAsync(AgentHello hello, CancellationToken cancellationToken)
    {
        var answer = (await SendAsync<HelloAnswer>(HttpMethod.Post, Routes.Hello, hello, AnswerWithin, cancellationToken))!;
        gateways.Learn(answer.Gateways is { } urls ? new GatewayNews(urls, answer.GatewaysMark) : null);
        return answer;
    }

    /// <summary>Waits for commands.</summary>
    /// <param name="inHand">Ids of the commands that are being worked on: they are not sent again.</param>
    /// <param name="wait">How long.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<CommandBatch> PollAsync(IEnumerable<string> inHand, TimeSpan wait, CancellationToken cancellationToken)
    {
        var query = string.Concat(inHand.Take(MostInHand).Select(id => "&in_hand=" + Uri.EscapeDataString(id)));
        var seconds = wait.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
        return SendAsync<CommandBatch>(
            HttpMethod.Get, $"{Routes.Commands}?wait={seconds}{query}", null, wait + AnswerWithin, cancellationToken)!;
    }

    public Task ReplyAsync(ReplyEnvelope reply, CancellationToken cancellationToken) =>
        SendAsync<object>(
            HttpMethod.Post, Routes.Replies, reply, AnswerWithin, (_, _) => Task.FromResult<object?>(null), cancellationToken);

    /// <summary>Reports. What the answer says of gateways is learned.</summary>
    public async Task<ReportAnswer> ReportAsync(GuestReport report, CancellationToken cancellationToken)
    {
        var answer = (await SendAsync<ReportAnswer>(
            HttpMethod.Post, Routes.Reports, report with { GatewaysMark = gateways.Mark }, AnswerWithin, cancellationToken))!;
        gateways.Learn(answer.Gateways);
        return answer;
    }

    /// <summary>Where objects are.</summary>
    public Task<ObjectAnswer> ObjectsAsync(ObjectRequest request, CancellationToken cancellationToken) =>
        SendAsync<ObjectAnswer>(HttpMethod.Post, Routes.Objects, request, AnswerWithin, cancellationToken)!;

    /// <summary>How far the archive of a log is.</summary>
    public Task LogProgressAsync(LogProgress progress, CancellationToken cancellationToken) =>
        SendAsync<object>(
            HttpMethod.Post, Routes.LogParts, progress, AnswerWithin, (_, _) => Task.FromResult<object?>(null), cancellationToken);

    /// <summary>
    /// Sends a request to where an object is, a path on the gateway that is asked now. One try; the caller looks at the answer.
    /// </summary>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.RequestUri = new Uri(gateways.Current, request.RequestUri!.OriginalString);
        request.Headers.Host = Trust.GatewayName;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(ObjectWithin);
        return await Client().SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
    }

    /// <summary>Fetches an agent's executable.</summary>
    /// <param name="sha256">Which.</param>
    /// <param name="most">It has so many bytes; more are not taken.</param>
    /// <param name="target">Where to: emptied first, by each try.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The SHA-256 of what came, in lower case hexadecimal digits.</returns>
    public Task<string> FetchReleaseAsync(string sha256, long most, Stream target, CancellationToken cancellationToken) => SendAsync(
        HttpMethod.Get,
        $"{Routes.AgentReleases}/{sha256}",
        null,
        ReleaseWithin,
        (content, token) => CopyAsync(content, most, target, token),
        cancellationToken)!;

    /// <summary>From now on with the identity's present certificate. Calls that run end on their own connections.</summary>
    public void UseNewCertificate()
    {
        lock (gate)
        {
            // Not disposed: that would cut the long poll off.
            client = null;
        }
    }

    public void Dispose() => client?.Dispose();

    private Task<T?> SendAsync<T>(HttpMethod method, string path, object? body, TimeSpan within, CancellationToken cancellationToken)
        where T : class =>
        SendAsync(
            method, path, body, within, (content, token) => content.ReadFromJsonAsync(ProtocolJson.Of<T>(), token), cancellationToken);

    private async Task<T?> SendAsync<T>(
        HttpMethod method, string path, object? body, TimeSpan within, Func<HttpContent, CancellationToken, Task<T?>> read,
        CancellationToken cancellationToken)
        where T : class
    {
        GatewayException? failure = null;
        for (var left = gateways.Count; left > 0; left--)
        {
            var gateway = gateways.Current;
            try
            {
                return await SendToAsync(gateway, method, path, body, within, read, cancellationToken);
            }
            catch (GatewayException e) when (!e.Refused)
            {
                failure = e;
                gateways.Leave(gateway);
            }
        }

        throw failure!;
    }

    private async Task<T?> SendToAsync<T>(
        Uri gateway, HttpMethod method, string path, object? body, TimeSpan within, Func<HttpContent, CancellationToken, Task<T?>> read,
        CancellationToken cancellationToken)
        where T : class
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(within);
        using var request = new HttpRequestMessage(method, new Uri(gateway, path))
        {
            Headers = { Host = Trust.GatewayName },

            // One connection for all that is said, beside the long poll, too. A gateway of before speaks 1.1.
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        if (body is not null)
        {
            request.Content = JsonContent.Create(body, ProtocolJson.Of(body.GetType()));
        }

        try
        {
            using var answer = await Client().SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            if (!answer.IsSuccessStatusCode)
            {
                // Unauthorized is a certificate that has run out: it is being renewed.
                var refused = answer.StatusCode is >= (HttpStatusCode)400 and < (HttpStatusCode)500
                    and not (HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.Unauthorized);
                var why = await WhyAsync(answer.Content, deadline.Token);
                throw new GatewayException(
                    $"The gateway {gateway} answered {(int)answer.StatusCode} to {method} {Bare(path)}.{why}", refused);
            }

            return answer.StatusCode == HttpStatusCode.NoContent ? null : await read(answer.Content, deadline.Token);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or System.Text.Json.JsonException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new GatewayException($"No answer from the gateway {gateway} to {method} {Bare(path)}: {e.Message}", refused: false, e);
        }
    }

    private static async Task<string?> CopyAsync(HttpContent content, long most, Stream target, CancellationToken cancellationToken)
    {
        target.SetLength(0);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var source = await content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[64 * 1024];
        while (await source.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            if (target.Position + read > most)
            {
                throw new GatewayException($"The gateway sends more than the {most} bytes that were announced.", refused: true);
            }

            hash.AppendData(buffer, 0, read);
            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private HttpClient Client()
    {
        lock (gate)
        {
            return client ??= new HttpClient(new SocketsHttpHandler
            {
                SslOptions = trust.ForClient(identity.Certificate),
                ConnectTimeout = TimeSpan.FromSeconds(5),

                // A call without an answer does not end a connection that others share: one that is dead is found by asking. Longer than
                // between two reports, so that who is at rest asks nothing.
                KeepAlivePingDelay = TimeSpan.FromSeconds(15),
                KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
                AllowAutoRedirect = false,
                UseCookies = false,
                UseProxy = false,
            })
            { Timeout = Timeout.InfiniteTimeSpan };
        }
    }

    /// <summary>The gateway's sentence, when it said one.</summary>
    private static async Task<string> WhyAsync(HttpContent content, CancellationToken cancellationToken)
    {
        if (content.Headers is not { ContentType.MediaType: MediaTypeNames.Application.Json, ContentLength: null or < LongestSentence })
        {
            return "";
        }

        var refusal = await content.ReadFromJsonAsync(ProtocolJson.Of<Refusal>(), cancellationToken);
        return refusal?.Message is { Length: > 0 and < LongestSentence } message ? " " + message : "";
    }

    private static string Bare(string path) => path.Split('?')[0];
}
