namespace Dbaas.Datastores.Conformance;

/// <summary>What an enabled root says to the server.</summary>
/// <param name="Escapes">
/// Refused, on a master and on a slave, with a word about rights: by each of these he would break the service or get more.
/// </param>
/// <param name="Everyday">
/// Done on a master, one after the other: what somebody who owns databases expects. It leaves nothing behind.
/// </param>
/// <param name="WidenAccess">
/// Grants to an ordinary user of his, by every pattern that fits the engine's own databases; done or refused.
/// </param>
/// <param name="TouchTheEngine">Refused to root and to that user, also after <paramref name="WidenAccess"/>.</param>
public sealed record RootStatements(
    IReadOnlyList<string> Escapes,
    IReadOnlyList<string> Everyday,
    IReadOnlyList<string> WidenAccess,
    IReadOnlyList<string> TouchTheEngine);
