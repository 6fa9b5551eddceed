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

    private Answer(int status, ReadOnlyMemory<byte> body)
    {
        this.status = status;
        this.body = body;
    }

    public static Answer Empty { get; } = new(200, default);

    public static Answer Accepted { get; } = new(202, default);

    public static Answer NoContent { get; } = new(204, default);

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
        if (body.IsEmpty)
        {
            return Task.CompletedTask;
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
