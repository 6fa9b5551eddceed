using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Dbaas.GuestProtocol;

/// <summary>
/// How everything in this protocol is written: snake case, nulls left out, unknown fields ignored. Compiled beforehand for each of its
/// types: an agent has no code that looks at types while it runs.
/// </summary>
public static class ProtocolJson
{
    /// <summary>The one set of options for both ends. They know the types of this protocol, and no others.</summary>
    public static JsonSerializerOptions Options => ProtocolContext.Default.Options;

    /// <summary>How this type is written.</summary>
    public static JsonTypeInfo<T> Of<T>() => (JsonTypeInfo<T>)Of(typeof(T));

    /// <summary>How this type is written.</summary>
    public static JsonTypeInfo Of(Type type) => Options.GetTypeInfo(type);
}
