using System.Text.Json.Nodes;
using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.EndToEnd.Tests;

/// <summary>The same service on the other control database.</summary>
public sealed class MariaDbAsControlDatabaseTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task Fifty_creates_at_once_against_a_limit_of_five_make_exactly_five_instances()
    {
        await using var database = await MariaDbServer.StartAsync();
        await Sql.RunLocallyAsync(database.SocketPath, "CREATE DATABASE control");
        var settings = RunningService.Settings();
        settings["Database"] = new JsonArray(database.ConnectionString("control"));
        settings["Quotas"] = new JsonObject { ["instances"] = 5, ["volumes"] = 100 };
        await using var service = await RunningService.StartAsync(settings);
        using var trove = await service.LogInAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(number => trove.SendAsync(
            HttpMethod.Post, "instances", new { instance = new { name = $"n{number}", flavorRef = "6", volume = new { size = 1 } } })));

        Assert.Equal(45, answers.Count(answer => answer.Status == 413));
        var made = answers.Where(answer => answer.Status == 200)
            .Select(answer => answer.Body!["instance"]!["id"]!.GetValue<string>())
            .ToArray();
        Assert.Equal(5, made.Length);
        foreach (var id in made)
        {
            await trove.AwaitStatusAsync(id, "ACTIVE", Patience);
            await trove.DoAsync(HttpMethod.Delete, $"instances/{id}");
        }

        foreach (var id in made)
        {
            await trove.AwaitGoneAsync(id, Patience);
        }

        var quotas = (await trove.DoAsync(HttpMethod.Get, $"mgmt/quotas/{trove.ProjectId}"))!["quotas"]!.AsArray();
        Assert.All(quotas, quota => Assert.Equal(0, quota!["in_use"]!.GetValue<long>()));
    }
}
