namespace Dbaas.Datastores.MySql.Replication;

/// <summary>Which files a stream is about, while it passes by.</summary>
internal interface IStreamedFiles
{
    /// <summary>More of the stream, cut anywhere.</summary>
    void Read(ReadOnlySpan<byte> bytes);

    /// <summary>The files that something came for since the last time.</summary>
    IReadOnlySet<string> Take();
}
