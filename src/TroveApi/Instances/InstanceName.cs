using System.Text;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Instances;

/// <summary>
/// Trove's rule for names, for all scripts: up to 255 characters, at least one of them a letter or a digit, none a control character.
/// </summary>
internal static class InstanceName
{
    public const int MaxLength = 255;

    public static string Read(JsonField field)
    {
        var name = field.Line(MaxLength);
        return name.EnumerateRunes().Any(Rune.IsLetterOrDigit) ? name : throw field.Bad("needs at least one letter or digit");
    }
}
