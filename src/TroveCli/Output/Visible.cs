using System.Globalization;
using System.Text;

namespace Dbaas.TroveCli.Output;

internal static class Visible
{
    /// <summary>
    /// Text for a terminal: a name may hold anything, and what moves the cursor or changes colours is shown as an escape.
    /// </summary>
    public static string Text(string text)
    {
        if (!text.Any(IsHidden))
        {
            return text;
        }

        var shown = new StringBuilder(text.Length + 8);
        foreach (var c in text)
        {
            shown.Append(c switch
            {
                '\n' => @"\n",
                '\r' => @"\r",
                '\t' => @"\t",
                _ when IsHidden(c) => $@"\u{(int)c:x4}",
                _ => c.ToString(),
            });
        }

        return shown.ToString();
    }

    private static bool IsHidden(char c) =>
        char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator;
}
