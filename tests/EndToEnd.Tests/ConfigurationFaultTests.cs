using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Dbaas.Testing;

namespace Dbaas.EndToEnd.Tests;

/// <summary>What operators get wrong in the configuration is said in a line, not in a stack trace.</summary>
public sealed class ConfigurationFaultTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dbc");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("""{"Plane": """, "Could not parse the JSON file")]
    [InlineData("""{"Plane": "Moon"}""", "'Moon' at 'Plane'")]
    [InlineData("""{"Plain": "Local"}""", "names what is no setting: 'Plain'.")]
    [InlineData("""{"Libvirt": {"Uri": "a", "Pol": "b"}}""", "names what is no setting: 'Pol'.")]
    [InlineData("""{"Plane": "OpenStack"}""", "OpenStack:AuthUrl in the configuration is no address of a Keystone")]
    [InlineData("""{"Identity": "Keystone", "Users": [{"Name": "a"}]}""", "users are Keystone's then")]
    [InlineData("""{"Users": [{"Name": "a", "Project": "p"}]}""", "A user in the configuration ('a') has no Password.")]
    [InlineData("""{"Users": [{"Name": "a", "Password": "", "Project": "p"}]}""", "has no Password")]
    [InlineData("""{"Users": [{"Name": "", "Password": "s", "Project": "p"}]}""", "has no Name")]
    [InlineData("""{"Users": [{"Name": "a", "Password": "s"}]}""", "has no Project")]
    [InlineData("""{"Users": [{"Name": "a", "Password": "s", "Project": "p"}, {"Name": "a", "Password": "t", "Project": "q"}]}""", "the user 'a' twice")]
    [InlineData("""{"Backups": {"Folder": "/b", "S3": {"Endpoint": "https://s3", "Bucket": "b", "AccessKey": "a", "SecretKey": "s"}}}""", "backups lie in one store")]
    [InlineData("""{"Backups": {"S3": {"Endpoint": "s3.example.org", "Bucket": "b", "AccessKey": "a", "SecretKey": "s"}}}""", "Backups:S3:Endpoint must be an address")]
    [InlineData("""{"Backups": {"S3": {"Endpoint": "https://s3", "AccessKey": "a", "SecretKey": "s"}}}""", "Backups:S3:Bucket is missing")]
    [InlineData("""{"Backups": {"S3": {"Endpoint": "https://s3", "Bucket": "b", "AccessKey": "a"}}}""", "Backups:S3:SecretKey is missing")]
    [InlineData("""{"Backups": {"S3": {"Endpoint": "https://s3", "Bucket": "b", "AccessKey": "a", "SecretKey": "s"}}}""", "Backups:S3 and Backups:Swift cannot be used here")]
    [InlineData("""{"Backups": {"Swift": {"Container": "a/b"}}}""", "Backups:Swift:Container must be a name")]
    [InlineData("""{"Backups": {"Swift": {"Container": "b"}}}""", "Backups:Swift:AuthUrl in the configuration is no address of a Keystone")]
    public async Task A_configuration_that_does_not_fit_is_refused_in_a_line(string content, string message)
    {
        var file = Path.Combine(folder.FullName, "service.json");
        await File.WriteAllTextAsync(file, content, TestContext.Current.CancellationToken);
        await IsRefusedAsync(file, message);
    }

    [Theory]
    [InlineData("", "master.key is empty")]
    [InlineData("no key at all", "master.key has a line that is no key: 32 bytes in base64.")]
    [InlineData("c2hvcnQ=", "master.key has a line that is no key: 32 bytes in base64.")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nAAAA", "master.key has a line that is no key")]
    public async Task A_key_file_that_is_none_is_refused_in_a_line_and_stays_as_it_is(string keys, string message)
    {
        var key = Path.Combine(Directory.CreateDirectory(Path.Combine(folder.FullName, "state")).FullName, "master.key");
        await File.WriteAllTextAsync(key, keys, TestContext.Current.CancellationToken);
        var file = Path.Combine(folder.FullName, "service.json");
        await File.WriteAllTextAsync(file, "{}", TestContext.Current.CancellationToken);

        await IsRefusedAsync(file, message);

        Assert.Equal(keys, await File.ReadAllTextAsync(key, TestContext.Current.CancellationToken));
    }

    private async Task IsRefusedAsync(string file, string message)
    {
        using var service = Process.Start(new ProcessStartInfo(
            Repository.Standalone,
            [
                "serve", "--state", Path.Combine(folder.FullName, "state"), "--agent", "none", "--config", file,

                // Another service may have the usual ones.
                "--api-port", $"{FreePort.Find()}", "--identity-port", $"{FreePort.Find()}",
            ])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        using var deadline = new CancellationTokenSource(Patience);

        var said = await service.StandardError.ReadToEndAsync(deadline.Token);
        await service.WaitForExitAsync(deadline.Token);

        Assert.Equal(1, service.ExitCode);
        Assert.Contains(message, said, StringComparison.Ordinal);
        Assert.Single(said.Trim().Split('\n'));

        // Nothing of the plane was begun: nobody would take it away again.
        Assert.False(File.Exists(Path.Combine(folder.FullName, "state", "local", "plane.json")));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_said_in_a_line_and_nothing_was_begun()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var state = Path.Combine(folder.FullName, "state");
        using var service = Process.Start(new ProcessStartInfo(
            Repository.Standalone,
            ["serve", "--state", state, "--agent", "none", "--api-port", $"{port}", "--identity-port", $"{FreePort.Find()}"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        using var deadline = new CancellationTokenSource(Patience);

        var printed = service.StandardOutput.ReadToEndAsync(deadline.Token);
        var said = await service.StandardError.ReadToEndAsync(deadline.Token);
        await service.WaitForExitAsync(deadline.Token);

        Assert.Equal((1, ""), (service.ExitCode, await printed));
        Assert.Equal(
            $"dbaas: The port {port} on 127.0.0.1 is used by another program; choose another with --api-port or ApiPort.", said.Trim());
        Assert.False(Directory.Exists(Path.Combine(state, "local")));
    }
}
