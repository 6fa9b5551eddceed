namespace Dbaas.Datastores.MySql.Server;

/// <summary>
/// The settings that follow the flavor's memory: Trove's formulas (r = MB / 512), as long as server and agent fit the limit together.
/// </summary>
/// <param name="BufferPoolMb">InnoDB's pool.</param>
/// <param name="KeyBufferMb">MyISAM's and Aria's.</param>
/// <param name="TemporaryTableMb">The largest temporary table in memory.</param>
/// <param name="MaxConnections">Clients at once.</param>
/// <param name="TableCache">Open tables.</param>
/// <param name="MaxPacketMb">The largest statement or row.</param>
internal sealed record MemoryPlan(
    int BufferPoolMb, int KeyBufferMb, int TemporaryTableMb, int MaxConnections, int TableCache, int MaxPacketMb)
{
    private const int AgentMb = 80;

    /// <param name="memoryMb">For server and agent together.</param>
    /// <param name="engineMb">What the engine takes before any cache.</param>
    public static MemoryPlan For(int memoryMb, int engineMb)
    {
        var r = memoryMb / 512.0;

        // What is left for caches; of that a part stays free for connections, temporary tables and a backup tool beside the server.
        var caches = Math.Max(24, (memoryMb - AgentMb - engineMb) * 0.6);
        var pool = (int)Math.Min(150 * r, caches * 0.8);
        return new MemoryPlan(
            BufferPoolMb: Math.Max(16, pool),
            KeyBufferMb: Math.Max(1, (int)Math.Min(50 * r, caches * 0.2)),
            TemporaryTableMb: Math.Max(1, (int)(16 * r)),
            MaxConnections: Math.Max(20, (int)(100 * r)),
            TableCache: Math.Max(64, (int)(256 * r)),
            MaxPacketMb: Math.Clamp((int)(16 * r), 16, 1024));
    }
}
