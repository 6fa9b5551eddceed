using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dbaas.Keystone;

/// <summary>
/// Keystone's times are universal, also where it leaves the zone out: it does for a token that ends with the application credential it was
/// got with.
/// </summary>
public sealed class KeystoneTime : JsonConverter<DateTimeOffset>
{
    /// <inheritdoc />
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String
        && DateTimeOffset.TryParse(reader.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new JsonException("This is no time.");

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value);
}
