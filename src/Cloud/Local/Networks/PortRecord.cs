namespace Dbaas.Cloud.Local.Networks;

/// <summary>An address that is taken.</summary>
internal sealed record PortRecord(string Address);
