using System.Text.RegularExpressions;

namespace Dbaas.Clients.Tier;

/// <summary>The acceptance tests of Trove's own developers, from Debian, as they are.</summary>
public sealed partial class TempestTests(ClientFixture fixture) : IDisposable
{
    private const string Scenarios = "trove_tempest_plugin.tests.scenario";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dbaas-tempest-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("test_instance_basic.TestInstanceBasicMariaDB.test_database_access")]
    [InlineData("test_instance_basic.TestInstanceBasicMariaDB.test_user_database")]
    [InlineData("test_instance_update_access.TestInstanceUpdateAccessMariaDB")]
    public async Task It_passes(string test)
    {
        Write("accounts.yaml", $"""
            - username: {ClientFixture.User}
              password: {ClientFixture.Password}
              project_name: {ClientFixture.Project}
            - username: {ClientFixture.Administrator}
              password: {ClientFixture.Password}
              project_name: {ClientFixture.Project}
              types: [admin]
            """);
        Write("etc/tempest.conf", $"""
            [DEFAULT]
            log_file = {folder.FullName}/tempest.log
            [oslo_concurrency]
            lock_path = {folder.FullName}/locks
            [auth]
            use_dynamic_credentials = false
            test_accounts_file = {folder.FullName}/accounts.yaml
            create_isolated_networks = false
            [identity]
            uri_v3 = {fixture.IdentityUrl}
            auth_version = v3
            [identity-feature-enabled]
            api_v2 = false
            [service_available]
            trove = true
            swift = false
            nova = false
            neutron = false
            glance = false
            cinder = false
            [database]
            enabled_datastores = mariadb
            default_datastore_versions = mariadb:10.11
            flavor_id = 7
            resize_flavor_id = 6
            shared_network = 00000000-0000-0000-0000-000000000001
            volume_type = local
            """);

        var (exit, output) = await fixture.RunAsync(
            folder.FullName,
            new Dictionary<string, string>
            {
                ["TEMPEST_CONFIG_DIR"] = Path.Combine(folder.FullName, "etc"), ["TEMPEST_CONFIG"] = "tempest.conf",
            },
            "/usr/bin/python3", "-m", "testtools.run", $"{Scenarios}.{test}");

        // Nothing that was skipped counts.
        Assert.True(exit == 0 && Ran().IsMatch(output) && !output.Contains("skipped", StringComparison.OrdinalIgnoreCase), output);
    }

    [GeneratedRegex(@"Ran [1-9]\d* tests? in")]
    private static partial Regex Ran();

    private void Write(string name, string text)
    {
        var path = Path.Combine(folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
