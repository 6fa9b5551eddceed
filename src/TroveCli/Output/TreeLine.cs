namespace Dbaas.TroveCli.Output;

/// <summary>A line of a tree and what hangs below it.</summary>
internal sealed record TreeLine(string Text, IReadOnlyList<TreeLine> Below);
