namespace Dbaas.Datastores.MySql.Files;

/// <summary>One stream into another, and how much it was.</summary>
internal static class CountedCopy
{
    private const int BufferSize = 256 * 1024;

    public static async Task<long> RunAsync(Stream from, Stream to, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        var all = 0L;
        int read;
        while ((read = await from.ReadAsync(buffer, cancellationToken)) > 0)
        {
            await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            all += read;
        }

        return all;
    }
}
