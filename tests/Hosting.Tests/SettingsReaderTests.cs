using System.Collections;
using Dbaas.Hosting.Configuration;

namespace Dbaas.Hosting.Tests;

public sealed class SettingsReaderTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dbc");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void The_environment_wins_over_the_file_and_what_neither_names_has_its_default()
    {
        var file = Write("""{ "ApiPort": 1, "IdentityPort": 2, "Backups": { "Folder": "/a", "MaxSchedules": 3 }, "Database": [ "x", "y" ] }""");

        var settings = SettingsReader.Read(file, Variables(
            ("DBAAS_APIPORT", "11"), ("DBAAS_Backups__Folder", "/b"), ("DBAAS_Database__0", "z"), ("DBAAS_NodeName", "n1"),
            ("PATH", "/bin")));

        Assert.Equal((11, 2, "/b", 3), (settings.ApiPort, settings.IdentityPort, settings.Backups.Folder, settings.Backups.MaxSchedules));
        Assert.Equal(["z", "y"], settings.Database);
        Assert.Equal(("n1", "127.0.0.1"), (settings.NodeName, settings.ListenAddress));
    }

    [Fact]
    public void A_node_is_called_as_its_machine_unless_it_is_named() =>
        Assert.Equal(Environment.MachineName, SettingsReader.Read(null, Variables()).NodeName);

    [Theory]
    [InlineData("DBAAS_NODE_NAME", "n", "The environment names what is no setting: 'NODE_NAME'.")]
    [InlineData("DBAAS_Backups__Foldr", "/b", "The environment names what is no setting: 'Foldr'.")]
    [InlineData("DBAAS_ApiPort", "many", "The environment cannot be used.")]
    public void What_is_no_setting_in_the_environment_is_refused(string name, string value, string message)
    {
        var refusal = Assert.Throws<InvalidDataException>(() => SettingsReader.Read(null, Variables((name, value))));

        Assert.StartsWith(message, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_setting_in_the_file_is_refused_as_the_files()
    {
        var file = Write("""{ "Plain": "Local" }""");

        var refusal = Assert.Throws<InvalidDataException>(() => SettingsReader.Read(file, Variables(("DBAAS_ApiPort", "1"))));

        Assert.StartsWith($"{file} names what is no setting: 'Plain'.", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>Whoever sourced an openrc, or runs tests, may start a node too.</summary>
    [Fact]
    public void What_our_client_and_the_tests_are_told_is_no_setting_and_no_mistake() =>
        SettingsReader.Read(null, Variables(("DBAAS_API_URL", "http://a"), ("DBAAS_TEST_MYSQL_IMAGE", "b"), ("DBAAS_HOME", "/c")));

    private string Write(string content)
    {
        var file = Path.Combine(folder.FullName, "service.json");
        File.WriteAllText(file, content);
        return file;
    }

    private static Hashtable Variables(params (string Name, string Value)[] all) =>
        new(all.ToDictionary(one => one.Name, one => one.Value));
}
