using System.CommandLine;

namespace Dbaas.TroveCli.Commands;

/// <summary>--wait and --timeout.</summary>
internal class WaitOptions
{
    public Option<bool> Wait { get; } = new("--wait")
    {
        Description = "Wait until it is done and show how far it is. Exit 1 if it ends in a fault.",
    };

    public Option<int> Timeout { get; } = new("--timeout")
    {
        Description = "Give up waiting after this many seconds; the operation goes on.",
        HelpName = "seconds",
        DefaultValueFactory = _ => 1800,
    };

    public bool Asked(Call call) => call.Get(Wait);

    public TimeSpan Patience(Call call) => TimeSpan.FromSeconds(call.Get(Timeout));
}
