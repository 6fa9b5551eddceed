using System.Text;
using System.Text.Json.Nodes;
using Dbaas.TroveCli.Failures;
using Dbaas.TroveCli.Login;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Http;

/// <summary>Logs in at Keystone v3, at the first request and again when the token has expired.</summary>
internal sealed class KeystoneSession(HttpClient http, LoginSettings login)
{
    private Grant? grant;

    public async Task<Grant> CurrentAsync(CancellationToken stop) => grant ??= await LogInAsync(stop);

    /// <summary>The grant after the service refused this one.</summary>
    public void Forget() => grant = null;

    private async Task<Grant> LogInAsync(CancellationToken stop)
    {
        if (login is { AuthUrl: null, Credential: TokenCredential direct })
        {
            var endpoint = login.Endpoint!.TrimEnd('/');
            return new Grant(direct.Token, endpoint, endpoint[(endpoint.LastIndexOf('/') + 1)..]);
        }

        using var request = Request();
        using var response = await Wire.SendAsync(http, request, stop);
        if (!response.IsSuccessStatusCode)
        {
            var fault = await ApiException.ReadAsync(response, stop);
            throw fault.Status == 401 ? new TroveException($"{fault.Message} Check {login.Origin}.") : fault;
        }

        var token = (await Wire.ReadAsync(response, "the token", stop))?["token"];
        if (!response.Headers.TryGetValues("X-Subject-Token", out var tokens) || token is null)
        {
            throw TroveException.Unreadable("the token");
        }

        var project = token.Text("project", "id")
            ?? throw new TroveException("The login is for no project: name one in OS_PROJECT_NAME or with --os-project-name.");
        return new Grant(tokens.First(), login.Endpoint is { } said ? For(said, project) : Endpoint(token), project);
    }

    /// <summary>A token that may be used as it is is looked at; everything else is exchanged for one.</summary>
    private HttpRequestMessage Request()
    {
        var address = new Uri($"{login.AuthUrl}/auth/tokens");
        if (login is { Credential: TokenCredential own, Project: null })
        {
            return new HttpRequestMessage(HttpMethod.Get, address)
            {
                Headers = { { "X-Auth-Token", own.Token }, { "X-Subject-Token", own.Token } },
            };
        }

        // With its length: what a Keystone runs in reads no body in chunks.
        return new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new StringContent(Body().ToJsonString(), Encoding.UTF8, "application/json"),
        };
    }

    private string Endpoint(JsonNode token)
    {
        var offered = (token["catalog"] as JsonArray ?? [])
            .Where(service => service.Text("type") == "database")
            .SelectMany(service => service?["endpoints"] as JsonArray ?? [])
            .Where(candidate => candidate.Text("interface") == login.Interface
                && (login.Region is null || RegionOf(candidate) == login.Region))
            .ToList();
        if (offered.Select(RegionOf).Distinct().ToList() is { Count: > 1 } regions)
        {
            // The first might be another one each time.
            throw new TroveException(
                $"The catalogue at {login.AuthUrl} has several regions with a database service "
                + $"({string.Join(", ", regions.Order(StringComparer.Ordinal))}): name one in OS_REGION_NAME.");
        }

        return offered.FirstOrDefault().Text("url")?.TrimEnd('/') ?? throw new TroveException(
            $"The catalogue at {login.AuthUrl} has no {login.Interface} endpoint of type 'database'"
            + (login.Region is null ? "." : $" in region '{login.Region}' (OS_REGION_NAME)."));
    }

    private static string? RegionOf(JsonNode? endpoint) => endpoint.Text("region") ?? endpoint.Text("region_id");

    /// <summary>An address that is said, with the project put where OpenStack's clients put it.</summary>
    private static string For(string endpoint, string project)
    {
        foreach (var place in (string[])["%(project_id)s", "%(tenant_id)s", "$(project_id)s", "$(tenant_id)s"])
        {
            endpoint = endpoint.Replace(place, project, StringComparison.Ordinal);
        }

        return endpoint.TrimEnd('/');
    }

    private JsonObject Body()
    {
        var auth = new JsonObject
        {
            ["identity"] = new JsonObject
            {
                ["methods"] = new JsonArray(login.Credential.Method),
                [login.Credential.Method] = login.Credential.ToJson(),
            },
        };
        if (login.Project is { } project)
        {
            auth["scope"] = new JsonObject { ["project"] = project.ToJson() };
        }

        return new JsonObject { ["auth"] = auth };
    }
}
