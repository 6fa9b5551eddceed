using System.Text;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Instances;

/// <summary>
/// Trove's rule for names, for all scripts: up to 255 characters, at least one of them a letter or a digit, none a control character.
/// </summary>
internal static class InstanceName
{
    public const int MaxLength = 255;

    public static string Read(JsonField field, int maxLength = MaxLength)
    {
        var name = field.Line(maxLength);
        return name.EnumerateRunes().Any(Rune.IsLetterOrDigit) ? name : throw field.Bad("needs at least one letter or digit");
    }

    /// <summary>The same of what comes from elsewhere than a body.</summary>
    public static bool IsGood(string name) =>
        name.EnumerateRunes().Count() <= MaxLength && !name.Any(char.IsControl) && name.EnumerateRunes().Any(Rune.IsLetterOrDigit);
}
