using System.Text.Json;
using System.Text.Json.Serialization;
using Dbaas.Cloud.Ports;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.TaskManager.Backups;

/// <summary>
/// The object that makes a backup of what an agent wrote: it is written last, and without it there is none. Whoever has it, the objects
/// and a key can restore by hand.
/// </summary>
public sealed record Manifest
{
    /// <summary>The object's name.</summary>
    public const string Name = "manifest.json";

    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
    };

    /// <summary>The form of this document.</summary>
    public int Version { get; init; } = 1;

    /// <summary>The backup.</summary>
    public required string BackupId { get; init; }

    /// <summary>The one that it follows on; null: it is complete by itself.</summary>
    public string? ParentId { get; init; }

    /// <summary>What it was taken of.</summary>
    public required string InstanceId { get; init; }

    /// <summary>The datastore, for example <c>mariadb</c>.</summary>
    public required string Datastore { get; init; }

    /// <summary>The datastore's version.</summary>
    public required string DatastoreVersion { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>What was done to the data, first to last.</summary>
    public IReadOnlyList<string> Pipeline { get; init; } = ["zstd", "age"];

    /// <summary>Who can open it.</summary>
    public required IReadOnlyList<string> Recipients { get; init; }

    /// <summary>The objects; their list is the object <c>{run}-list</c>, a line for each: size and SHA-256.</summary>
    public required ObjectList Objects { get; init; }

    /// <summary>Size of the data on its volume, in bytes.</summary>
    public required long DatasetBytes { get; init; }

    /// <summary>The kind of the datastore's description.</summary>
    public required string DocumentKind { get; init; }

    /// <summary>The datastore's description.</summary>
    [JsonConverter(typeof(RawJsonConverter))]
    public required ReadOnlyMemory<byte> Document { get; init; }

    /// <summary>As it is stored.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Form);

    /// <summary>Where it is.</summary>
    public static StoredName At(string place) => new(place, Name);

    /// <summary>People can read what the datastore wrote.</summary>
    private sealed class RawJsonConverter : JsonConverter<ReadOnlyMemory<byte>>
    {
        public override ReadOnlyMemory<byte> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var value = JsonDocument.ParseValue(ref reader);
            return JsonSerializer.SerializeToUtf8Bytes(value);
        }

        public override void Write(Utf8JsonWriter writer, ReadOnlyMemory<byte> value, JsonSerializerOptions options) =>
            writer.WriteRawValue(value.Span);
    }
}
