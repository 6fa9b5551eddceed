using Dbaas.TroveCli.Http;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Commands;

/// <summary>What every command works with. The service is asked for nothing before the first request.</summary>
internal sealed record CommandContext(TroveClient Api, Terminal Terminal, TimeProvider Clock)
{
    /// <summary>The variables of this program.</summary>
    public Func<string, string?> Environment { get; init; } = _ => null;
}
