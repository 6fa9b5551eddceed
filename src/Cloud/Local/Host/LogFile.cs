namespace Dbaas.Cloud.Local.Host;

/// <summary>The end of a log that may be large, and that somebody goes on writing.</summary>
internal static class LogFile
{
    /// <summary>More than anybody reads, and than any fault holds.</summary>
    private const int LargestTail = 256 * 1024;

    /// <returns>Null when there is no such file.</returns>
    public static async Task<string?> TailAsync(string path, int lines, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Seek(-Math.Min(file.Length, LargestTail), SeekOrigin.End);
        using var reader = new StreamReader(file);
        var text = await reader.ReadToEndAsync(cancellationToken);
        return string.Join('\n', text.TrimEnd('\n').Split('\n').TakeLast(lines));
    }
}
