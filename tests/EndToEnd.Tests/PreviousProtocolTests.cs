using System.Text.Json.Nodes;
using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.EndToEnd.Tests;

/// <summary>This release's service, and agents that speak the previous version of the guest protocol: what was there then works.</summary>
public sealed class PreviousProtocolTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dbp");
    private RunningService service = null!;

    public async ValueTask InitializeAsync()
    {
        // Servers are told nothing of where this runtime is.
        var agent = Path.Combine(folder.FullName, "agent");
        var dotnet = Path.GetFullPath(
            Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        await File.WriteAllTextAsync(agent, $"#!/bin/sh\nexec '{dotnet}' '{Repository.PreviousAgent}.dll' \"$@\"\n");
        File.SetUnixFileMode(agent, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var settings = RunningService.Settings();
        settings["AgentRelease"] = AgentProgram.Path;
        service = await RunningService.StartAsync(settings, agent: agent);
    }

    public async ValueTask DisposeAsync()
    {
        await service.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Instances_are_created_replicate_and_part_and_what_came_later_is_refused_with_a_clear_word()
    {
        using var admin = await service.LogInAsync("root");
        var master = await admin.CreateAsync(new
        {
            name = "m1",
            flavorRef = "7",
            volume = new { size = 1 },
            databases = new[] { new { name = "shop" } },
            users = new[] { new { name = "app", password = "secret", databases = new[] { new { name = "shop" } } } },
        });
        var shown = await admin.AwaitStatusAsync(master, "ACTIVE", Patience);
        Assert.Equal((1, 1), ((int?)shown["agent"]!["protocol"], (int?)shown["agent"]!["newest_protocol"]));
        var slave = await admin.CreateAsync(new { name = "s1", slave_of = master });
        var slaveHost = (await admin.AwaitStatusAsync(slave, "ACTIVE", Patience))["ip"]![0]!.GetValue<string>();
        await Sql.RunAsync(
            shown["ip"]![0]!.GetValue<string>(),
            "app",
            "secret",
            "CREATE TABLE shop.t (id INT PRIMARY KEY); INSERT INTO shop.t VALUES (1)");
        await Eventually.SeeAsync(
            "the row arrives",
            Patience,
            () => Sql.RunAsync(slaveHost, "app", "secret", "SELECT COUNT(*) FROM shop.t"),
            rows => rows == "1");

        foreach (var question in new[] { "hwinfo", "diagnostics", "rpc_ping" })
        {
            AssertRefused("version 1 of the guest protocol", await admin.SendAsync(HttpMethod.Get, $"mgmt/instances/{master}/{question}"));
        }

        AssertRefused(
            "too old", await admin.SendAsync(HttpMethod.Post, $"mgmt/instances/{slave}/action", new { upgrade_agent = new { } }));
        AssertRefused(
            "create_backup came with version 3",
            await admin.SendAsync(HttpMethod.Post, "backups", new { backup = new { name = "b", instance = slave } }));
        await admin.DoAsync(HttpMethod.Post, $"instances/{slave}/action", new { detach_replication = new { } });
        await admin.AwaitStatusAsync(slave, "ACTIVE", Patience);
        await Sql.RunAsync(slaveHost, "app", "secret", "INSERT INTO shop.t VALUES (2)");
    }

    private static void AssertRefused(string words, (int Status, JsonNode? Body) answer)
    {
        Assert.Equal(422, answer.Status);
        Assert.Contains(words, answer.Body!.ToJsonString(), StringComparison.Ordinal);
    }
}
