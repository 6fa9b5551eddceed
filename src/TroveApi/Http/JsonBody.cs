using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Dbaas.TroveApi.Http;

/// <summary>
/// Reads request bodies: JSON objects of at most 1 MiB. By itself and not by the web server, which would cut the connection of a client
/// that is still sending, so that it never saw the answer.
/// </summary>
internal static class JsonBody
{
    private const int MaxLength = 1024 * 1024;
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    public static async Task<JsonField> ReadAsync(HttpContext context) =>
        await ReadOptionalAsync(context) ?? throw FaultException.BadRequest("The request has no body.");

    public static async Task<JsonField?> ReadOptionalAsync(HttpContext context)
    {
        var bytes = await BytesAsync(context);
        if (bytes.Length == 0)
        {
            return null;
        }

        var type = context.Request.ContentType;
        if (type is not null && !type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase))
        {
            throw new FaultException(415, "Unsupported Content-Type");
        }

        try
        {
            var root = JsonDocument.Parse(bytes, Options).RootElement;
            return root.ValueKind == JsonValueKind.Object ? new JsonField(root, "") : throw Malformed();
        }
        catch (JsonException)
        {
            throw Malformed();
        }
    }

    private static FaultException Malformed() => FaultException.BadRequest("Malformed request body");

    private static async Task<ReadOnlyMemory<byte>> BytesAsync(HttpContext context)
    {
        if (context.Request.ContentLength > MaxLength)
        {
            throw TooLarge();
        }

        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await context.Request.Body.ReadAsync(chunk, context.RequestAborted)) > 0)
        {
            buffer.Write(chunk, 0, read);
            if (buffer.Length > MaxLength)
            {
                throw TooLarge();
            }
        }

        return buffer.ToArray();
    }

    private static FaultException TooLarge() => FaultException.OverLimit("The request body is larger than 1 MiB.");
}
