namespace Dbaas.TroveApi.Instances;

/// <summary>A guarded write did not match: the unit is rolled back, and the answer is found by looking again.</summary>
internal sealed class GuardException : Exception;
