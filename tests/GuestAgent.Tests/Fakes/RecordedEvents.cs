using System.Collections.Concurrent;
using Dbaas.GuestAgent.Events;
using Dbaas.GuestAgent.Reporting;

namespace Dbaas.GuestAgent.Tests.Fakes;

internal sealed class RecordedEvents : IGuestEvents
{
    private readonly ConcurrentQueue<(string Kind, string Message)> all = new();

    public IReadOnlyList<(string Kind, string Message)> All => [.. all];

    public IReadOnlyList<string> Kinds => [.. all.Select(e => e.Kind)];

    public void Add(string kind, string message) => all.Enqueue((kind, message));
}
