namespace Dbaas.Datastores.Conformance;

/// <summary>The engine's parameters that the cases change.</summary>
/// <param name="Live">One that a running server takes.</param>
/// <param name="AtStart">One that only a start takes.</param>
/// <param name="Refused">A value that a running server refuses of one that it takes otherwise.</param>
/// <param name="Fatal">A value of one that only a start takes, with which the start fails.</param>
/// <param name="Word">A word that is in the engine's reason for that.</param>
public sealed record ParameterWords(
    ParameterValue Live, ParameterValue AtStart, ParameterValue Refused, ParameterValue Fatal, string Word);

/// <summary>A parameter with a value.</summary>
/// <param name="Name">The parameter.</param>
/// <param name="Value">As a group has it.</param>
/// <param name="Query">What an ordinary client asks to see it.</param>
/// <param name="Number">What it sees then; no default.</param>
public sealed record ParameterValue(string Name, string Value, string Query = "", int Number = 0);
