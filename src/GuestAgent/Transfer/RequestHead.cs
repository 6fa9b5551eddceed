using System.Text;

namespace Dbaas.GuestAgent.Transfer;

/// <summary>The head of an HTTP/1.1 request, as far as an offer needs it. A request that has a body is none for an offer.</summary>
internal static class RequestHead
{
    private const int Limit = 8 * 1024;
    private const string Line = "\r\n";

    /// <exception cref="InvalidDataException">It is none.</exception>
    public static async Task<(string Method, string Path, string Authorization)> ReadAsync(
        Stream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[Limit];
        var filled = 0;
        while (!buffer.AsSpan(0, filled).EndsWith("\r\n\r\n"u8))
        {
            var read = await stream.ReadAsync(buffer.AsMemory(filled), cancellationToken);
            if (read == 0)
            {
                throw new InvalidDataException(filled == Limit ? "The request is too long." : "The request was cut off.");
            }

            filled += read;
        }

        return Parse(Encoding.ASCII.GetString(buffer, 0, filled));
    }

    /// <exception cref="InvalidDataException">It is none. The message repeats nothing of it: it holds a token.</exception>
    private static (string Method, string Path, string Authorization) Parse(string head)
    {
        var lines = head.Split(Line, StringSplitOptions.RemoveEmptyEntries);
        if (lines.FirstOrDefault()?.Split(' ') is not [var method, var path, "HTTP/1.1"])
        {
            throw new InvalidDataException("That is no request.");
        }

        const string name = "Authorization:";
        var authorization = lines.Where(line => line.StartsWith(name, StringComparison.OrdinalIgnoreCase)).ToArray() is [var only]
            ? only[name.Length..].Trim()
            : "";
        return (method, path, authorization);
    }
}
