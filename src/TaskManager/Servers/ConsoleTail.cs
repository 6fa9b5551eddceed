using System.Text;
using Dbaas.Cloud.Ports;

namespace Dbaas.TaskManager.Servers;

/// <summary>
/// The end of a server's console, for administrators who want to know why a guest does not call. Read before the server goes.
/// </summary>
internal static class ConsoleTail
{
    private const int MostLines = 100;
    private const int MostCharacters = 16_000;

    /// <summary>In words when it cannot be read: it is told about a failure, and must not become another one.</summary>
    public static async Task<string> ReadAsync(ICompute compute, string key, CancellationToken cancellationToken)
    {
        try
        {
            var text = await compute.ConsoleTailAsync(key, MostLines, cancellationToken);
            return string.IsNullOrWhiteSpace(text) ? "Its console is empty." : "The end of its console:\n" + Short(text);
        }
        catch (CloudException e)
        {
            return $"Its console cannot be read: {e.Message}";
        }
    }

    /// <summary>A guest writes what it wants there: no control characters, and not too much.</summary>
    private static string Short(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var character in text.ReplaceLineEndings("\n"))
        {
            clean.Append(character is '\n' or '\t' || !char.IsControl(character) ? character : ' ');
        }

        var whole = clean.ToString().TrimEnd();
        return whole.Length > MostCharacters ? "…" + whole[^MostCharacters..] : whole;
    }
}
