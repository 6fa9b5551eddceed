using System.Text.Json.Nodes;

namespace Dbaas.TroveCli.Output;

/// <summary>A column of a table of documents.</summary>
/// <param name="Header">Its name.</param>
/// <param name="Of">What it shows of one.</param>
internal sealed record Column(string Header, Func<JsonNode?, string> Of)
{
    /// <summary>The text at a path of fields; nothing where there is none.</summary>
    public Column(string header, params string[] path)
        : this(header, one => one.Text(path) ?? "")
    {
    }
}
