using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.GuestAgent.Tests.Fakes;

/// <summary>One log, in memory.</summary>
internal sealed class FakeLogs(byte[] content) : ILogs
{
    public bool IsEnabled { get; private set; }

    public Task<IReadOnlyList<GuestLog>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<GuestLog>>([new GuestLog("general", true, IsEnabled, 0, content.Length)]);

    public Task EnableAsync(string name, bool enabled, CancellationToken cancellationToken)
    {
        IsEnabled = enabled;
        return Task.CompletedTask;
    }

    public Task<LogPiece> ReadAsync(string name, long from, int mostBytes, CancellationToken cancellationToken)
    {
        if (name != "general")
        {
            throw new DatastoreException(FaultKind.NotFound, $"There is no log '{name}'.");
        }

        var piece = content.AsMemory((int)from);
        piece = piece[..Math.Min(mostBytes, piece.Length)];
        return Task.FromResult(new LogPiece(from, from + piece.Length, content.Length, piece));
    }
}
