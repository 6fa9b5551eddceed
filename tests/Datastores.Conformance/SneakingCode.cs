namespace Dbaas.Datastores.Conformance;

/// <summary>
/// Code that runs with the rights of its caller, writes into the engine's own tables, and hides that it could not: wherever it is run by
/// somebody who may, as a slave that repeats it would, it leaves a trace.
/// </summary>
/// <param name="Create">Makes it.</param>
/// <param name="InsertRow">Adds a number to the rows of the tests by way of it.</param>
/// <param name="Drop">Removes it.</param>
/// <param name="CountTraces">What it left, as somebody who may read that.</param>
public sealed record SneakingCode(string Create, Func<int, string> InsertRow, string Drop, string CountTraces);
