using System.CommandLine;

namespace Dbaas.TroveCli.Login;

/// <summary>--os-cloud and the other --os-… of OpenStack's clients. All commands have them; the program's help lists them.</summary>
internal static class LoginOptions
{
    private static readonly Dictionary<string, Option<string?>> Words =
        LoginWords.All.ToDictionary(word => word.Name, word => Make(word.Option, word.Placeholder, word.Description));

    public static Option<string?> Cloud { get; } = Make("--os-cloud", "name", "A cloud of a clouds.yaml.");

    public static Option<bool> Insecure { get; } = new("--insecure")
    {
        Description = "Do not look whose certificate it is.", Hidden = true, Recursive = true,
    };

    public static IEnumerable<Option> All => [Cloud, .. LoginWords.All.Select(word => Words[word.Name]), Insecure];

    /// <summary>What the command line says, under OpenStack's names.</summary>
    public static Dictionary<string, string> Given(ParseResult parsed)
    {
        var given = new Dictionary<string, string>();
        foreach (var (name, option) in Words)
        {
            if (parsed.GetValue(option) is { Length: > 0 } value)
            {
                given[name] = value;
            }
        }

        if (parsed.GetValue(Insecure))
        {
            given["insecure"] = "true";
        }

        return given;
    }

    private static Option<string?> Make(string name, string placeholder, string description) =>
        new(name) { Description = description, HelpName = placeholder, Hidden = true, Recursive = true };
}
