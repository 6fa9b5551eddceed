using System.Reflection;

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
        {
            "Dbaas.TroveApi", ["Dbaas.Domain", "Dbaas.Persistence", "Dbaas.Identity", "Dbaas.GuestProtocol"],
            "the API writes wishes; it acts on no cloud and calls no guest (GuestProtocol: the records of guest requests only)"
        },
        {
            "Dbaas.TaskManager", ["Dbaas.Domain", "Dbaas.Files", "Dbaas.Persistence", "Dbaas.Cloud", "Dbaas.GuestProtocol"],
            "it cannot know what a snapshot holds: no datastore"
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
}
