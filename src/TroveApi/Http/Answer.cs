using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Dbaas.TroveApi.Http;

/// <summary>What a request is answered with.</summary>
internal sealed class Answer
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly int status;
    private readonly ReadOnlyMemory<byte> body;
    private readonly IAsyncEnumerable<ReadOnlyMemory<byte>>? text;

    private Answer(int status, ReadOnlyMemory<byte> body, IAsyncEnumerable<ReadOnlyMemory<byte>>? text = null)
    {
        this.status = status;
        this.body = body;
        this.text = text;
    }

    public static Answer Empty { get; } = new(200, default);

    public static Answer Accepted { get; } = new(202, default);

    public static Answer NoContent { get; } = new(204, default);

    /// <summary>Text that comes in pieces. What fails from here on cuts it off.</summary>
    public static Answer Text(IAsyncEnumerable<ReadOnlyMemory<byte>> pieces) => new(200, default, pieces);

    /// <summary>A JSON object whose members <paramref name="write"/> writes.</summary>
    public static Answer Json(Action<Utf8JsonWriter> write, int status = 200)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(buffer, Options);
        writer.WriteStartObject();
        write(writer);
        writer.WriteEndObject();
        writer.Flush();
        return new Answer(status, buffer.WrittenMemory);
    }

    public static Answer Fault(int status, string message) => Json(
        json =>
        {
            json.WriteStartObject(FaultName.Of(status));
            json.WriteNumber("code", status);
            json.WriteString("message", message);
            json.WriteEndObject();
        },
        status);

    public Task SendAsync(HttpContext context)
    {
        context.Response.StatusCode = status;
        if (text is not null)
        {
            return SendTextAsync(context, text);
        }

        if (body.IsEmpty)
        {
            return Task.CompletedTask;
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    private static async Task SendTextAsync(HttpContext context, IAsyncEnumerable<ReadOnlyMemory<byte>> pieces)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        await foreach (var piece in pieces)
        {
            await context.Response.Body.WriteAsync(piece, context.RequestAborted);
        }
    }
}
