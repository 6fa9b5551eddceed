namespace Dbaas.Datastores.MySql.Server;

/// <summary>What is not archived is kept.</summary>
/// <param name="Until">Until then, unless somebody archives meanwhile.</param>
internal sealed record KeptLog(DateTimeOffset Until);
