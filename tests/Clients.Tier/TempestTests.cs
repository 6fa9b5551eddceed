using System.Text.RegularExpressions;

namespace Dbaas.Clients.Tier;

/// <summary>The acceptance tests of Trove's own developers, from Debian, as they are.</summary>
public sealed partial class TempestTests(ClientFixture fixture) : IDisposable
{
    private const string Scenarios = "trove_tempest_plugin.tests.scenario";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dbaas-tempest-");

    public void Dispose() => folder.Delete(recursive: true);

    /// <summary>Tests of one class share its instance.</summary>
    [Theory]
    [InlineData("test_instance_basic.TestInstanceBasicMariaDB", "test_configuration", "test_database_access", "test_user_database")]
    [InlineData("test_instance_basic.TestInstanceBasicMySQL", "test_configuration", "test_database_access", "test_user_database")]
    [InlineData("test_instance_update_access.TestInstanceUpdateAccessMariaDB", "test_instance_update_access")]
    [InlineData("test_backup.TestBackupMySQL", "test_backup_full", "test_backup_incremental")]
    [InlineData("test_replication.TestReplicationMySQL", "test_replication")]
    public async Task They_pass(string where, params string[] tests)
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
            enabled_datastores = mariadb,mysql
            default_datastore_versions = mariadb:10.11,mysql:9.7
            flavor_id = 2
            resize_flavor_id = 3
            remove_swift_account = false
            shared_network = 00000000-0000-0000-0000-000000000001
            volume_type = local
            """);

        var (exit, output) = await fixture.RunAsync(
            folder.FullName,
            new Dictionary<string, string>
            {
                ["TEMPEST_CONFIG_DIR"] = Path.Combine(folder.FullName, "etc"), ["TEMPEST_CONFIG"] = "tempest.conf",
            },
            "/usr/bin/python3",
            ["-m", "testtools.run", .. tests.Select(test => $"{Scenarios}.{where}.{test}")]);

        // Nothing that was skipped counts.
        Assert.True(
            exit == 0 && Ran().Match(output).Groups[1].Value == $"{tests.Length}"
                && !output.Contains("skipped", StringComparison.OrdinalIgnoreCase),
            output);
    }

    [GeneratedRegex(@"Ran (\d+) tests? in")]
    private static partial Regex Ran();

    private void Write(string name, string text)
    {
        var path = Path.Combine(folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
