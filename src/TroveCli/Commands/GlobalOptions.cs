using System.CommandLine;

namespace Dbaas.TroveCli.Commands;

internal static class GlobalOptions
{
    public static Option<bool> Json { get; } = new("--json")
    {
        Description = "Print the API's JSON document instead of a table.",
        Recursive = true,
    };
}
