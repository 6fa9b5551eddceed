using System.Collections.Concurrent;
using Dbaas.GuestAgent.Objects;
using Dbaas.GuestProtocol.Channel;

namespace Dbaas.GuestAgent.Tests.Fakes;

/// <summary>Takes what is told.</summary>
internal sealed class MemoryLogReports : ILogReports
{
    public ConcurrentQueue<LogProgress> Told { get; } = new();

    public Task TellAsync(LogProgress progress, CancellationToken cancellationToken)
    {
        Told.Enqueue(progress);
        return Task.CompletedTask;
    }
}
