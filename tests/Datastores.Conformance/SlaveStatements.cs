namespace Dbaas.Datastores.Conformance;

/// <summary>What users of a slave say to it.</summary>
/// <param name="OnTheMaster">Said there first, by the ordinary user: tables of each kind that he can make.</param>
/// <param name="OnTheSlave">
/// Every class of statements that needs no rights of an administrator's; several with semicolons. Done or refused.
/// </param>
public sealed record SlaveStatements(IReadOnlyList<string> OnTheMaster, IReadOnlyList<string> OnTheSlave);
