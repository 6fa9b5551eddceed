namespace Dbaas.Datastores.Conformance;

/// <summary>What an engine, and its datastore, keep for themselves.</summary>
/// <param name="Databases">Of the engine: not shown, and not to be touched.</param>
/// <param name="Spellings">Other names that the engine may take for one of these.</param>
/// <param name="DatabasesLikeThem">Names of ordinary databases whose signs, as patterns, fit one of these.</param>
/// <param name="UserPrefixes">How the engine's accounts begin: not shown.</param>
/// <param name="ReservedUsers">As the datastore names its own.</param>
/// <param name="UsersLikeThem">Nearly so.</param>
public sealed record EngineOwn(
    IReadOnlyList<string> Databases,
    IReadOnlyList<string> Spellings,
    IReadOnlyList<string> DatabasesLikeThem,
    IReadOnlyList<string> UserPrefixes,
    IReadOnlyList<string> ReservedUsers,
    IReadOnlyList<string> UsersLikeThem);
