namespace Dbaas.TroveCli.Http;

internal static class Paths
{
    /// <summary>
    /// A path of which every part keeps its bytes. Dots are escaped too: "." and ".." are names like others here,
    /// and some servers take what follows a dot for a format.
    /// </summary>
    public static string Of(params ReadOnlySpan<string> parts)
    {
        var path = new List<string>(parts.Length);
        foreach (var part in parts)
        {
            path.Add(Uri.EscapeDataString(part).Replace(".", "%2E", StringComparison.Ordinal));
        }

        return string.Join('/', path);
    }
}
