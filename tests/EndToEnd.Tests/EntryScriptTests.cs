using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.EndToEnd.Tests;

/// <summary>The entry script itself: what it says, how it ends, and two services side by side.</summary>
public sealed class EntryScriptTests : IDisposable
{
    private const string Members = """
        {"ReportSeconds": 1, "RateLimitPerMinute": 0, "Users": [{"Name": "carol", "Password": "o'clock \"5\" $HOME", "Project": "own"}]}
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("dbs").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("")]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("help")]
    [InlineData("demo --help")]
    [InlineData("test --help")]
    [InlineData("up --help")]
    [InlineData("up --detach -h")]
    [InlineData("down --help")]
    [InlineData("status --help")]
    public async Task It_explains_itself_and_does_nothing_else(string arguments)
    {
        var script = new EntryScript(folder, "home");

        var help = await script.DoAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        string[] words =
        [
            "dbaas demo", "dbaas test", "dbaas up", "--api-port", "--config",
            "dbaas down", "--purge", "dbaas status", "dbaas trove", "dbaas bench",
        ];
        foreach (var word in words)
        {
            Assert.Contains(word, help, StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(script.Home));
    }

    [Theory]
    [InlineData("explode", 2, "'explode' is not a command")]
    [InlineData("up --explode", 1, "up does not know '--explode'")]
    [InlineData("up --api-port", 1, "--api-port needs a port number")]
    [InlineData("up --identity-port http", 1, "--identity-port needs a port number")]
    [InlineData("up --config nowhere.json", 1, "--config needs a file that can be read, not 'nowhere.json'")]
    [InlineData("up --config", 1, "--config needs a file that can be read, not ''")]
    [InlineData("down --explode", 1, "down does not know '--explode'")]
    [InlineData("test None.Tests", 1, "there is no tests/None.Tests")]
    [InlineData("status", 3, "The service is not up")]
    public async Task A_command_that_cannot_be_obeyed_says_why_and_leaves_nothing(string arguments, int exitCode, string message)
    {
        var script = new EntryScript(folder, "home");

        var result = await script.RunAsync(arguments.Split(' '));

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(script.Home));
    }

    [Fact]
    public async Task Two_services_side_by_side_never_meet_and_leave_nothing()
    {
        Directory.CreateDirectory(Path.Combine(folder, "elsewhere"));
        await File.WriteAllTextAsync(Path.Combine(folder, "elsewhere", "members.json"), Members, TestContext.Current.CancellationToken);
        var one = new EntryScript(folder, "one");
        var two = new EntryScript(Path.Combine(folder, "elsewhere"), Path.Combine(folder, "t w o"));
        string[] portsOfOne = ["--api-port", $"{FreePort.Find()}", "--identity-port", $"{FreePort.Find()}"];
        var instances = Array.Empty<(string Id, string Address)>();
        var bridges = Array.Empty<string>();
        try
        {
            await Task.WhenAll(
                one.DoAsync(["up", "--detach", .. portsOfOne]),
                two.DoAsync(
                    "up", "--detach", "--config", "members.json", "--api-port", $"{FreePort.Find()}", "--identity-port",
                    $"{FreePort.Find()}"));
            instances = await Task.WhenAll(CreateAsync(one, "first"), CreateAsync(two, "second"));
            Assert.NotEqual(SubnetOf(instances[0].Address), SubnetOf(instances[1].Address));
            bridges = [.. BridgesTo(instances.Select(instance => instance.Address))];

            var status = await one.DoAsync("status");
            Assert.Contains($"database API http://127.0.0.1:{portsOfOne[1]}", status, StringComparison.Ordinal);
            Assert.Contains($"identity http://127.0.0.1:{portsOfOne[3]}", status, StringComparison.Ordinal);
            Assert.Contains($"state folder {one.Home}", status, StringComparison.Ordinal);
            Assert.Contains("pid ", status, StringComparison.Ordinal);
            Assert.Contains("first", status, StringComparison.Ordinal);
            Assert.DoesNotContain("second", status, StringComparison.Ordinal);

            // Its configuration names no administrator: the status is as the user sees it.
            Assert.Contains("second", await two.DoAsync("status"), StringComparison.Ordinal);
            var again = await one.RunAsync("up", "--detach");
            Assert.Equal(0, again.ExitCode);
            Assert.Contains("Already up", again.Error, StringComparison.Ordinal);

            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(two.Home, "openrc")));
            Assert.Contains("first", await one.DoLoggedInAsync("openstack", "database", "instance", "list"), StringComparison.Ordinal);
            Assert.Contains("second", await two.DoLoggedInAsync("trove", "list"), StringComparison.Ordinal);

            // Logged in at the cloud that holds the servers, say.
            string[] elsewhere =
            [
                "env", "OS_AUTH_URL=http://192.0.2.1:5000/v3", "OS_USERNAME=somebody",
                Path.Combine(Repository.Root, "dbaas"), "trove", "list",
            ];
            Assert.Contains("first", await one.DoLoggedInAsync(elsewhere), StringComparison.Ordinal);
            await ClientStartsDirectlyAsync(one, two);

            await one.DoAsync("down");
            Assert.Equal(3, (await one.RunAsync("status")).ExitCode);
            Assert.True(await ServesAsync(instances[0].Address), "The instance goes on serving without the service.");
            await one.DoAsync(["up", "--detach", .. portsOfOne]);
            Assert.Contains("first", await one.DoAsync("status"), StringComparison.Ordinal);
        }
        finally
        {
            await Task.WhenAll(one.DoAsync("down", "--purge"), two.DoAsync("down", "--purge"));
        }

        Assert.Empty(LeftOvers.Below(folder));
        Assert.DoesNotContain(
            Directory.Exists("/run/netns") ? Directory.GetFileSystemEntries("/run/netns") : [],
            name => instances.Any(instance => name.Contains(instance.Id, StringComparison.Ordinal)));

        // By their names: another service may have taken the subnets already.
        Assert.Empty(bridges.Intersect(NetworkInterface.GetAllNetworkInterfaces().Select(one => one.Name)));
        Assert.Equal(["elsewhere"], Directory.GetFileSystemEntries(folder).Select(path => Path.GetFileName(path)));
    }

    /// <summary>At the service of its folder, wherever the caller is logged in, and at once: the quickest run counts.</summary>
    private static async Task ClientStartsDirectlyAsync(EntryScript one, EntryScript two)
    {
        var (ofOne, ofTwo) = (Path.Combine(one.Home, "bin", "trove"), Path.Combine(two.Home, "bin", "trove"));
        Assert.Contains("first", await two.DoLoggedInAsync(ofOne, "list"), StringComparison.Ordinal);
        Assert.Contains("second", await two.DoLoggedInAsync(ofTwo, "list"), StringComparison.Ordinal);

        var quickest = TimeSpan.MaxValue;
        for (var run = 0; run < 5; run++)
        {
            var start = TimeProvider.System.GetTimestamp();
            await one.DoLoggedInAsync(ofOne, "list");
            quickest = TimeSpan.FromTicks(Math.Min(quickest.Ticks, TimeProvider.System.GetElapsedTime(start).Ticks));
        }

        Assert.InRange(quickest, TimeSpan.Zero, TimeSpan.FromMilliseconds(150));
    }

    private static async Task<(string Id, string Address)> CreateAsync(EntryScript script, string name)
    {
        await script.DoAsync("trove", "create", name, "6", "--size", "1", "--wait");
        var shown = JsonNode.Parse(await script.DoAsync("trove", "show", name, "--json"))!;
        Assert.Equal("ACTIVE", shown["status"]!.GetValue<string>());
        return (shown["id"]!.GetValue<string>(), shown["ip"]![0]!.GetValue<string>());
    }

    private static IEnumerable<string> BridgesTo(IEnumerable<string> addresses) =>
        from one in NetworkInterface.GetAllNetworkInterfaces()
        from its in one.GetIPProperties().UnicastAddresses
        where addresses.Any(address => SubnetOf(address) == SubnetOf($"{its.Address}"))
        select one.Name;

    private static string SubnetOf(string address) => address[..Math.Max(0, address.LastIndexOf('.'))];

    private static async Task<bool> ServesAsync(string address)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address, 3306);
        return await client.GetStream().ReadAsync(new byte[1]) == 1;
    }
}
