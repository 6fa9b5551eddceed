using System.Text.Json.Serialization;

namespace Dbaas.TroveApi.Configurations;

/// <summary>One engine parameter that a group may hold. Limits are text: some do not fit into 64 bits with a sign.</summary>
/// <param name="Name">As the engine names it.</param>
/// <param name="Type">integer, string, boolean or float.</param>
/// <param name="Min">Null: none.</param>
/// <param name="Max">Null: none.</param>
/// <param name="RestartRequired">A change needs a restart of the server.</param>
/// <param name="Choices">All texts that it can have; null: the engine knows.</param>
internal sealed record ParameterRule(
    string Name,
    string Type,
    string? Min,
    string? Max,
    [property: JsonPropertyName("restart_required")] bool RestartRequired,
    IReadOnlyList<string>? Choices = null);
