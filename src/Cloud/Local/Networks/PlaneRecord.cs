namespace Dbaas.Cloud.Local.Networks;

/// <summary>What the plane decided once for its state folder.</summary>
/// <param name="Subnet">The /24 of its servers.</param>
/// <param name="Isolated">Whether servers have namespaces, or are plain processes.</param>
internal sealed record PlaneRecord(string Subnet, bool Isolated);
