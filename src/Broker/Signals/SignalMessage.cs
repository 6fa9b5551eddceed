using System.Text;
using Dbaas.Persistence.Signals;

namespace Dbaas.Broker.Signals;

/// <summary>A signal as it goes over the broker: the kind by its name, a blank, and the key.</summary>
internal static class SignalMessage
{
    public static byte[] Write(SignalKind kind, string key) => Encoding.UTF8.GetBytes($"{kind} {key}");

    /// <summary>Null: it is of a release that says more than this one knows.</summary>
    public static (SignalKind Kind, string Key)? Read(ReadOnlySpan<byte> body)
    {
        var text = Encoding.UTF8.GetString(body);
        return text.IndexOf(' ', StringComparison.Ordinal) is > 0 and var blank && Enum.TryParse<SignalKind>(text[..blank], out var kind)
            ? (kind, text[(blank + 1)..])
            : null;
    }
}
