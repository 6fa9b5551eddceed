using System.CommandLine;
using Dbaas.TroveCli.Http;

namespace Dbaas.TroveCli.Commands;

/// <summary>--limit and --marker: one page when a limit is given, all pages otherwise.</summary>
internal sealed class Paging
{
    public Option<int?> Limit { get; } = Parts.Number("limit", "n", "Show one page of at most this many. Without it, all pages.");

    public Option<string?> Marker { get; } = Parts.Text("marker", "id", "Begin after this one: the last of the page before.");

    public Page Of(Call call) => new(call.Get(Limit), call.Get(Marker));
}
