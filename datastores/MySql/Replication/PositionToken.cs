namespace Dbaas.Datastores.MySql.Replication;

/// <summary>The content of a position.</summary>
/// <param name="Epoch">Null: the log is off.</param>
/// <param name="Gtids">Everything logged and applied.</param>
internal sealed record PositionToken(string? Epoch, string Gtids);
