namespace Dbaas.Simulation.Effects;

/// <summary>The process is dead: nothing that it would still do happens.</summary>
public sealed class CutException(string where) : Exception($"Cut {where}.");
