namespace Dbaas.Domain.Archives;

/// <summary>One part of an archived log, as it is stored.</summary>
public sealed record ArchivedLogPart
{
    /// <summary>Which, from 0.</summary>
    public int Number { get; init; }

    /// <summary>In bytes.</summary>
    public int Size { get; init; }

    /// <summary>In lower case hexadecimal digits.</summary>
    public string Sha256 { get; init; } = "";

    /// <summary>When the last transaction was committed that ends in it or before it, in Unix microseconds; null: not known.</summary>
    public long? Committed { get; init; }
}
