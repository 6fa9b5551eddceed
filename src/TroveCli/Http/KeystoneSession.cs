using System.Text;
using System.Text.Json.Nodes;
using Dbaas.TroveCli.Failures;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Http;

/// <summary>Logs in by password at Keystone v3, at the first request and again when the token has expired.</summary>
internal sealed class KeystoneSession(HttpClient http, OsSettings settings)
{
    private Grant? grant;

    public async Task<Grant> CurrentAsync(CancellationToken stop) => grant ??= await LogInAsync(stop);

    /// <summary>The grant after the service refused this one.</summary>
    public void Forget() => grant = null;

    private async Task<Grant> LogInAsync(CancellationToken stop)
    {
        var address = new Uri($"{settings.AuthUrl}/auth/tokens");
        // With its length: what a Keystone runs in reads no body in chunks.
        using var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new StringContent(Body().ToJsonString(), Encoding.UTF8, "application/json"),
        };
        using var response = await Wire.SendAsync(http, request, stop);
        if (!response.IsSuccessStatusCode)
        {
            var fault = await ApiException.ReadAsync(response, stop);
            throw fault.Status == 401
                ? new ApiException(401, $"{fault.Message} Check OS_USERNAME, OS_PASSWORD and OS_PROJECT_NAME")
                : fault;
        }

        var token = (await Wire.ReadAsync(response, "the token", stop))?["token"];
        if (!response.Headers.TryGetValues("X-Subject-Token", out var tokens) || token is null)
        {
            throw TroveException.Unreadable("the token");
        }

        return new Grant(tokens.First(), Endpoint(token), token.Text("project", "id") ?? "");
    }

    private string Endpoint(JsonNode token)
    {
        var offered = (token["catalog"] as JsonArray ?? [])
            .Where(service => service.Text("type") == "database")
            .SelectMany(service => service?["endpoints"] as JsonArray ?? [])
            .Where(candidate => candidate.Text("interface") == "public"
                && (settings.Region is null || RegionOf(candidate) == settings.Region))
            .ToList();
        if (offered.Select(RegionOf).Distinct().ToList() is { Count: > 1 } regions)
        {
            // The first might be another one each time.
            throw new TroveException(
                $"The catalogue at {settings.AuthUrl} has several regions with a database service "
                + $"({string.Join(", ", regions.Order(StringComparer.Ordinal))}): name one in OS_REGION_NAME.");
        }

        return offered.FirstOrDefault().Text("url")?.TrimEnd('/') ?? throw new TroveException(
            $"The catalogue at {settings.AuthUrl} has no public endpoint of type 'database'"
            + (settings.Region is null ? "." : $" in region '{settings.Region}' (OS_REGION_NAME)."));
    }

    private static string? RegionOf(JsonNode? endpoint) => endpoint.Text("region") ?? endpoint.Text("region_id");

    private JsonObject Body()
    {
        var project = settings.ProjectId is { } id
            ? new JsonObject { ["id"] = id }
            : new JsonObject { ["name"] = settings.ProjectName, ["domain"] = settings.ProjectDomain.ToJson() };
        var user = new JsonObject
        {
            ["name"] = settings.UserName,
            ["domain"] = settings.UserDomain.ToJson(),
            ["password"] = settings.Password,
        };
        return new JsonObject
        {
            ["auth"] = new JsonObject
            {
                ["identity"] = new JsonObject
                {
                    ["methods"] = new JsonArray("password"),
                    ["password"] = new JsonObject { ["user"] = user },
                },
                ["scope"] = new JsonObject { ["project"] = project },
            },
        };
    }
}
