using System.Reflection;
using Dbaas.Testing;

namespace Dbaas.Architecture.Tests;

public sealed class DependencyTests
{
    /// <summary>Each project with the projects of ours that it may reference, and why no others.</summary>
    public static TheoryData<string, string[], string> Rules => new()
    {
        { "Dbaas.Domain", [], "rules must run in a test with nothing else" },
        { "Dbaas.GuestProtocol", [], "both ends compile it; it is the wire" },
        { "Dbaas.Persistence", ["Dbaas.Domain"], "it stores what Domain names" },
        { "Dbaas.Files", [], "whoever keeps something in a file writes it the same way" },
        { "Dbaas.Keystone", [], "it logs in for a plane and for the identity, and knows neither" },
        { "Dbaas.Identity", ["Dbaas.Domain", "Dbaas.Files", "Dbaas.Keystone"], "it says who calls, nothing else" },
        { "Dbaas.Cloud", ["Dbaas.Domain", "Dbaas.Files", "Dbaas.Keystone"], "a plane knows servers, not databases" },
        { "Dbaas.Broker", ["Dbaas.Domain", "Dbaas.Persistence"], "it carries what others say, and says nothing by itself" },
        {
            "Dbaas.Hosting",
            ["Dbaas.Domain", "Dbaas.Broker", "Dbaas.Files", "Dbaas.Keystone", "Dbaas.Persistence", "Dbaas.Identity", "Dbaas.Cloud"],
            "it puts together what the programs share, and is no program: neither the API nor the task manager"
        },
        {
            "Dbaas.TroveApi",
            ["Dbaas.Domain", "Dbaas.Persistence", "Dbaas.Identity", "Dbaas.GuestProtocol", "Dbaas.Hosting", "Dbaas.Cloud"],
            "the API writes wishes; it acts on no cloud and calls no guest (GuestProtocol: the records of guest requests only; Hosting and "
                + "Cloud: its composition only, as the next test says)"
        },
        {
            "Dbaas.TaskManager",
            ["Dbaas.Domain", "Dbaas.Files", "Dbaas.Persistence", "Dbaas.Cloud", "Dbaas.GuestProtocol", "Dbaas.Hosting"],
            "it cannot know what a snapshot holds: no datastore (Hosting: its composition only)"
        },
        { "Dbaas.Datastores.Contract", ["Dbaas.GuestProtocol"], "a plug-in knows a server, not tenants" },
        {
            "Dbaas.Datastores.MySql", ["Dbaas.Datastores.Contract", "Dbaas.Files", "Dbaas.GuestProtocol"],
            "a plug-in knows the contract only"
        },
        {
            "Dbaas.GuestAgent", ["Dbaas.Files", "Dbaas.GuestProtocol", "Dbaas.Datastores.Contract", "Dbaas.Datastores.MySql"],
            "nothing of the control plane is in a guest; datastores come in by the composition root"
        },
        { "Dbaas.TroveCli", [], "it is a client of the HTTP API like any other" },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_project_references_only_what_its_rule_allows(string project, string[] allowed, string reason)
    {
        var ours = Assembly.Load(project).GetReferencedAssemblies()
            .Select(name => name.Name!)
            .Where(name => name.StartsWith("Dbaas.", StringComparison.Ordinal));

        var excess = ours.Except(allowed).ToArray();

        Assert.True(excess.Length == 0, $"{project} references {string.Join(", ", excess)}; it must not, because {reason}.");
    }

    /// <summary>
    /// A program is put together in its root. Everything else of the API knows no cloud: it writes wishes. (What was published of logs is
    /// read through the store that has it, so that an API on any node can show it; <c>PublishedLogs.cs</c>.)
    /// </summary>
    [Theory]
    [InlineData("src/TroveApi", "Dbaas.Cloud")]
    [InlineData("src/TroveApi", "Dbaas.Hosting")]
    [InlineData("src/TaskManager", "Dbaas.Hosting")]
    [InlineData("src/GuestAgent", "Dbaas.Datastores.MySql")]
    public void What_only_the_composition_of_a_program_may_know_is_named_in_its_root_only(string project, string unknown)
    {
        var root = Path.Combine(Repository.Root, project);

        var naming = Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Where(file => File.ReadAllText(file).Contains(unknown, StringComparison.Ordinal))
            .ToLookup(file => Path.GetDirectoryName(file) == root);

        Assert.NotEmpty(naming[true]);
        Assert.Empty(naming[false].Select(file => Path.GetRelativePath(root, file)));
    }
}
