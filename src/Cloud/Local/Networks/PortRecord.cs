using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Local.Networks;

/// <summary>An address that is taken, and who may reach it.</summary>
internal sealed record PortRecord(string Address, PortAccess? Access = null);
