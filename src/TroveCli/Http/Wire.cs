using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dbaas.TroveCli.Failures;
using Dbaas.TroveCli.Login;

namespace Dbaas.TroveCli.Http;

/// <summary>The HTTP client, and its failures in words that say what to do.</summary>
internal static class Wire
{
    /// <summary>Longer than the API waits for a guest.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    public static HttpClient Client(LoginSettings login)
    {
        var handler = new SocketsHttpHandler
        {
            // A proxy from the environment cannot reach this machine's own loopback.
            UseProxy = !(login.AuthUrl ?? new Uri(login.Endpoint!)).IsLoopback,
            AllowAutoRedirect = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
        };
        if (login.Insecure)
        {
#pragma warning disable CA5359 // The user asked for it: OS_INSECURE.
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (login.CaCertificateFile is { } file)
        {
            handler.SslOptions.CertificateChainPolicy = Trust(file);
        }

        var http = new HttpClient(handler) { Timeout = Timeout };
        http.DefaultRequestHeaders.UserAgent.ParseAdd("dbaas-trove");
        http.DefaultRequestHeaders.Accept.ParseAdd("application/json");
        return http;
    }

    public static async Task<HttpResponseMessage> SendAsync(
        HttpClient http,
        HttpRequestMessage request,
        CancellationToken stop,
        HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead)
    {
        try
        {
            return await http.SendAsync(request, completion, stop);
        }
        catch (HttpRequestException e)
        {
            throw new UnreachableException(request.RequestUri!, Reason(e));
        }
        catch (TaskCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new UnreachableException(request.RequestUri!, $"no answer within {Timeout.TotalSeconds} s");
        }
    }

    public static async Task<JsonNode?> ReadAsync(HttpResponseMessage response, string what, CancellationToken stop)
    {
        var text = await response.Content.ReadAsStringAsync(stop);
        if (text.Length == 0)
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            throw TroveException.Unreadable(what);
        }
    }

    private static string Reason(HttpRequestException e) => e.InnerException switch
    {
        SocketException socket => socket.SocketErrorCode == SocketError.ConnectionRefused ? "connection refused" : socket.Message,
        { } inner => inner.Message,
        null => e.Message,
    };

    private static X509ChainPolicy Trust(string file)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            throw new UsageException($"The certificate authority (OS_CACERT) cannot be read: {e.Message}");
        }

        return policy;
    }
}
