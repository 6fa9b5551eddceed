using System.Text.RegularExpressions;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.OpenStack;

/// <summary>How what is ours is told from everything else on the cloud: names and marks from deployment id and key, and back.</summary>
internal sealed partial class Marks
{
    public const string DeploymentLabel = "dbaas_deployment";
    public const string KeyLabel = "dbaas_key";
    public const string BuildLabel = "dbaas_build";
    public const string MoveLabel = "dbaas_move";
    private const string NamePrefix = "dbaas-";
    private const string ManagementSuffix = "-management";

    public Marks(string deploymentId)
    {
        // Nova takes tags of 60 characters.
        Deployment = Plain().IsMatch(deploymentId)
            ? deploymentId
            : throw new ArgumentException("A deployment id has 1 to 36 letters, digits and dashes.", nameof(deploymentId));
    }

    public string Deployment { get; }

    /// <summary>The tag of every server of ours.</summary>
    public string DeploymentTag => "dbaas-deployment-" + Deployment;

    /// <summary>The description of what has no labels: ports and security groups.</summary>
    public string Description => "dbaas:" + Deployment;

    /// <summary>The group that every member's port carries. Its description has the mark.</summary>
    public static string MembersGroup => "dbaas-members";

    public static string KeyTag(string key) => "dbaas-key-" + Checked(key);

    /// <summary>The name of the volume, the port and the security group of an instance.</summary>
    public static string Name(string key) => NamePrefix + Checked(key);

    public static string ManagementName(string key) => Name(key) + ManagementSuffix;

    /// <summary>The key in a port's name.</summary>
    public static string? KeyIn(string name)
    {
        if (!name.StartsWith(NamePrefix, StringComparison.Ordinal))
        {
            return null;
        }

        return name.EndsWith(ManagementSuffix, StringComparison.Ordinal)
            ? name[NamePrefix.Length..^ManagementSuffix.Length]
            : name[NamePrefix.Length..];
    }

    /// <summary>Server groups have nothing but a name.</summary>
    public string ServerGroupPrefix => $"{NamePrefix}{Deployment}-";

    public string ServerGroupName(string groupKey) => ServerGroupPrefix + Checked(groupKey);

    /// <summary>A floating address has no name: its description has the key too.</summary>
    public string FloatingDescription(string key) => $"{Description}:{Checked(key)}";

    public Dictionary<string, string> Labels(string key) => new() { [DeploymentLabel] = Deployment, [KeyLabel] = Checked(key) };

    public bool AreIn(IReadOnlyDictionary<string, string> labels, string key) => AreIn(labels) && labels.GetValueOrDefault(KeyLabel) == key;

    public bool AreIn(IReadOnlyDictionary<string, string> labels) => labels.GetValueOrDefault(DeploymentLabel) == Deployment;

    private static string Checked(string key) =>
        Plain().IsMatch(key)
            ? key
            : throw new CloudException($"'{key}' cannot be a key: 1 to 36 letters, digits and dashes.", isTransient: false);

    [GeneratedRegex(@"^[A-Za-z0-9-]{1,36}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Plain();
}
