namespace Dbaas.Simulation;

/// <summary>What was asked for is not possible now; nothing has changed.</summary>
public sealed class RefusedException(string message) : Exception(message);
