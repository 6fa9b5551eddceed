using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Dbaas.OpenStack.Tier.Identity;

/// <summary>A user of the lab's Keystone, in one project.</summary>
internal sealed record LabUser(string Id, string Name, string ProjectId, string ProjectName)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>A token for the user's project.</summary>
    public Task<string> LogInAsync() => LogInAsync(new JsonObject { ["project"] = new JsonObject { ["id"] = ProjectId } });

    /// <summary>A token for something else.</summary>
    public async Task<string> LogInAsync(JsonNode scope)
    {
        var user = new JsonObject { ["id"] = Id, ["password"] = Lab.Password };
        return await LogInAsync("password", new JsonObject { ["user"] = user }, scope);
    }

    /// <summary>A token by an application credential.</summary>
    public static Task<string> LogInAsync(string credentialId, string secret) =>
        LogInAsync("application_credential", new JsonObject { ["id"] = credentialId, ["secret"] = secret }, scope: null);

    /// <summary>Runs one of Debian's clients as this user, found by Keystone's catalogue like any other service.</summary>
    public async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["OS_AUTH_URL"] = Lab.AuthUrl.AbsoluteUri,
                ["OS_IDENTITY_API_VERSION"] = "3",
                ["OS_USERNAME"] = Name,
                ["OS_PASSWORD"] = Lab.Password,
                ["OS_PROJECT_NAME"] = ProjectName,
                ["OS_USER_DOMAIN_NAME"] = "Default",
                ["OS_PROJECT_DOMAIN_NAME"] = "Default",
                ["OS_REGION_NAME"] = "RegionOne",
            },
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(Lab.Cancellation);
        var output = await process.StandardOutput.ReadToEndAsync(Lab.Cancellation);
        await process.WaitForExitAsync(Lab.Cancellation).WaitAsync(Patience, Lab.Cancellation);
        Assert.True(
            process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await error} {output}");
        return output.Trim();
    }

    private static async Task<string> LogInAsync(string method, JsonObject how, JsonNode? scope)
    {
        var auth = new JsonObject { ["identity"] = new JsonObject { ["methods"] = new JsonArray(method), [method] = how } };
        if (scope is not null)
        {
            auth["scope"] = scope;
        }

        using var http = new HttpClient();
        using var body = new StringContent(new JsonObject { ["auth"] = auth }.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync($"{Lab.AuthUrl}/auth/tokens", body, Lab.Cancellation);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return answer.Headers.GetValues("X-Subject-Token").Single();
    }
}
