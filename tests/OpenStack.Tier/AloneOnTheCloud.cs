namespace Dbaas.OpenStack.Tier;

/// <summary>Tests that run when no other does.</summary>
[CollectionDefinition(nameof(AloneOnTheCloud), DisableParallelization = true)]
public sealed class AloneOnTheCloud;
