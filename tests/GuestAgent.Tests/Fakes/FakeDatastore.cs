using System.Collections.Concurrent;
using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol.Commands;
using Dbaas.GuestProtocol.Reports;

namespace Dbaas.GuestAgent.Tests.Fakes;

/// <summary>A datastore that notes its calls and does what the test says.</summary>
internal sealed class FakeDatastore : IServerControl
{
    private readonly ConcurrentQueue<string> calls = new();

    public IReadOnlyList<string> Calls => [.. calls];

    public ServerState State { get; set; } = ServerState.Unprepared;

    /// <summary>Runs inside each call of that name.</summary>
    public ConcurrentDictionary<string, Func<CancellationToken, Task>> During { get; } = new();

    public Datastore WithoutParts() => new("fake", this);

    public Datastore WithAccounts() => new("fake", this) { Accounts = new FakeAccounts(this) };

    public Task InitializeAsync(PrepareServer settings, CancellationToken cancellationToken) => CallAsync("initialize", cancellationToken);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await CallAsync("start", cancellationToken);
        State = ServerState.Healthy;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await CallAsync("stop", cancellationToken);
        State = ServerState.Stopped;
    }

    public async Task RestartAsync(Action stopped, CancellationToken cancellationToken)
    {
        await StopAsync(cancellationToken);
        stopped();
        await StartAsync(cancellationToken);
    }

    public Task ResumeAsync(CancellationToken cancellationToken) => CallAsync("resume", cancellationToken);

    public Task<ServerStatus> GetStatusAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new ServerStatus(State, State == ServerState.Healthy ? "1.0" : null, null));

    public Task CallAsync(string name, CancellationToken cancellationToken)
    {
        calls.Enqueue(name);
        return During.TryGetValue(name, out var action) ? action(cancellationToken) : Task.CompletedTask;
    }
}
