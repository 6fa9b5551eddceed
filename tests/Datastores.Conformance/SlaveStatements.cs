namespace Dbaas.Datastores.Conformance;

/// <summary>What users of a slave say to it.</summary>
/// <param name="OnTheMaster">Said there first, by the ordinary user: tables of each kind that he can make.</param>
/// <param name="OnTheSlave">
/// Every class of statements that needs no rights of an administrator's; those together that are said on one connection. Done or refused.
/// </param>
/// <param name="Mended">
/// In the agent's log, since the engine logs some of them, and that was taken out of the slave's history; null: it logs none.
/// </param>
public sealed record SlaveStatements(
    IReadOnlyList<string> OnTheMaster, IReadOnlyList<IReadOnlyList<string>> OnTheSlave, string? Mended);
