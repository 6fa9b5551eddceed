using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dbaas.GuestProtocol;

/// <summary>How everything in this protocol is written: snake case, nulls left out, unknown fields ignored.</summary>
public static class ProtocolJson
{
    /// <summary>The one set of options for both ends.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };
}
