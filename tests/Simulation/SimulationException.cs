namespace Dbaas.Simulation;

/// <summary>The simulation has found something that must not be.</summary>
public sealed class SimulationException(string message, Exception? inner = null) : Exception(message, inner);
