using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dbaas.TroveCli.Failures;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Http;

/// <summary>The service refused. The message is its own.</summary>
internal sealed class ApiException(int status, string message, TimeSpan? retryAfter = null)
    : TroveException($"{message} (HTTP {status.ToString(CultureInfo.InvariantCulture)})")
{
    public int Status { get; } = status;

    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>
    /// Reads <c>{"badRequest": {"code", "message"}}</c>, Keystone's <c>{"error": {"message"}}</c>
    /// and the bare <c>{"message"}</c> of middleware.
    /// </summary>
    public static async Task<ApiException> ReadAsync(HttpResponseMessage response, CancellationToken stop)
    {
        var status = (int)response.StatusCode;
        var body = await response.Content.ReadAsStringAsync(stop);
        var message = Said(body) ?? Bare(response.StatusCode, response.ReasonPhrase);
        return new ApiException(status, message, response.Headers.RetryAfter?.Delta);
    }

    private static string? Said(string body)
    {
        try
        {
            if (JsonNode.Parse(body) is not JsonObject document)
            {
                return null;
            }

            return document.Text("message")
                ?? document.Select(field => field.Value.Text("message")).FirstOrDefault(text => text is not null);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Bare(HttpStatusCode status, string? reason) =>
        string.IsNullOrEmpty(reason) ? status.ToString() : reason;
}
