namespace Dbaas.Libvirt.Tier;

/// <summary>Tests that look at all that libvirt has: they run when no other does.</summary>
[CollectionDefinition(nameof(AloneOnLibvirt), DisableParallelization = true)]
public sealed class AloneOnLibvirt;
