using Dbaas.TroveCli.Failures;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Dbaas.TroveCli.Login;

/// <summary>A clouds.yaml, with the secrets that a secure.yaml has for its clouds, where OpenStack's clients look for both.</summary>
internal sealed class CloudsFile
{
    private readonly Dictionary<string, Dictionary<string, string>> clouds;

    private CloudsFile(string path, Dictionary<string, Dictionary<string, string>> clouds) => (Path, this.clouds) = (path, clouds);

    public string Path { get; }

    public IReadOnlyCollection<string> Names => clouds.Keys;

    /// <summary>The first that there is of those that OpenStack's clients would read.</summary>
    /// <returns>Null: there is none.</returns>
    public static CloudsFile? Find(Func<string, string?> environment, string currentFolder)
    {
        if (First("clouds", "OS_CLIENT_CONFIG_FILE") is not { } path)
        {
            return null;
        }

        var clouds = Read(path);
        foreach (var (name, secrets) in First("secure", "OS_CLIENT_SECURE_FILE") is { } secure ? Read(secure) : [])
        {
            var cloud = clouds.GetValueOrDefault(name) ?? [];
            foreach (var (word, value) in secrets)
            {
                cloud[word] = value;
            }

            clouds[name] = cloud;
        }

        return new CloudsFile(path, clouds);

        string? First(string name, string variable)
        {
            var home = environment("HOME") is { Length: > 0 } set ? System.IO.Path.Combine(set, ".config") : null;
            string?[] folders = [currentFolder, environment("XDG_CONFIG_HOME"), home, "/etc"];
            return folders
                .Where(folder => !string.IsNullOrEmpty(folder))
                .Select(folder => folder == currentFolder ? folder : System.IO.Path.Combine(folder!, "openstack"))
                .SelectMany(_ => (string[])["yaml", "yml", "json"], (folder, form) => System.IO.Path.Combine(folder!, $"{name}.{form}"))
                .Prepend(environment(variable))
                .FirstOrDefault(File.Exists);
        }
    }

    /// <summary>The words of a cloud; null: there is none of that name.</summary>
    public Dictionary<string, string>? Of(string name) => clouds.GetValueOrDefault(name);

    private static Dictionary<string, Dictionary<string, string>> Read(string path)
    {
        try
        {
            using var reader = new StreamReader(path);
            var document = new YamlStream();
            // JSON is YAML too.
            document.Load(reader);
            var clouds = document.Documents.Count > 0 ? Child(document.Documents[0].RootNode, "clouds") : null;
            return Entries(clouds).ToDictionary(cloud => cloud.Name, cloud => Words(cloud.Value));
        }
        catch (Exception e) when (e is YamlException or InvalidOperationException)
        {
            // Not its own message, which may quote a password.
            throw new UsageException($"{path} is not YAML{(e is YamlException where ? $": see line {where.Start.Line}" : "")}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The clouds cannot be read: {e.Message}");
        }
    }

    /// <summary>What stands in a cloud and in its <c>auth</c>, in one.</summary>
    private static Dictionary<string, string> Words(YamlNode cloud)
    {
        var words = new Dictionary<string, string>();
        foreach (var (name, value) in Entries(cloud).Concat(Entries(Child(cloud, "auth"))))
        {
            if (Scalar(value) is { Length: > 0 } text)
            {
                words[LoginWords.Modern(name)] = text;
            }
        }

        if (words.GetValueOrDefault("verify") is { } verify && IsFalse(verify))
        {
            words["insecure"] = "true";
        }

        return words;
    }

    private static bool IsFalse(string word) => word.ToUpperInvariant() is "FALSE" or "NO" or "OFF";

    private static YamlNode? Child(YamlNode node, string name) => Entries(node).LastOrDefault(entry => entry.Name == name).Value;

    /// <summary>The later ones of a name count: what <c>&lt;&lt;</c> brings along is before what stands there itself.</summary>
    private static IEnumerable<(string Name, YamlNode Value)> Entries(YamlNode? node)
    {
        var own = (node as YamlMappingNode)?.Children.Select(entry => (Name: Scalar(entry.Key) ?? "", entry.Value)).ToList() ?? [];
        var merged = own.Where(entry => entry.Name == "<<").SelectMany(entry => Parts(entry.Value)).SelectMany(Entries);
        return merged.Concat(own.Where(entry => entry.Name != "<<"));

        // Of several, the first counts.
        static IEnumerable<YamlNode> Parts(YamlNode merge) => merge is YamlSequenceNode several ? several.Children.Reverse() : [merge];
    }

    private static string? Scalar(YamlNode node) => node switch
    {
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "~" or "null" } => null,
        YamlScalarNode scalar => scalar.Value,
        _ => null,
    };
}
