using Dbaas.Persistence;
using Dbaas.Persistence.Migrations;
using Microsoft.Extensions.Hosting;

namespace Dbaas.Hosting.Health;

/// <summary>Whether a program can serve: it was not told to stop, its clock is right, and its database answers and has its form.</summary>
internal sealed class Readiness(IDatabase database, NodeClock clock, IHostApplicationLifetime program, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // Whoever asks, and however often: the database is asked once in this time.
    private static readonly TimeSpan Holds = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private Task<string?> look = Task.FromResult<string?>("It has just begun.");
    private long? since;

    /// <returns>Why it cannot; null: it can.</returns>
    public Task<string?> WhyNotAsync()
    {
        if (program.ApplicationStopping.IsCancellationRequested)
        {
            return Task.FromResult<string?>("It was told to stop.");
        }

        if (clock.Refusal is { } refusal)
        {
            return Task.FromResult<string?>(refusal);
        }

        lock (gate)
        {
            if (since is null || (look.IsCompleted && time.GetElapsedTime(since.Value) >= Holds))
            {
                (look, since) = (LookAsync(), time.GetTimestamp());
            }

            return look;
        }
    }

    private async Task<string?> LookAsync()
    {
        using var limit = new CancellationTokenSource(Patience, time);
        try
        {
            var form = await database.ReadAsync(Migrator.NewestOf, limit.Token).WaitAsync(limit.Token);
            return form >= Migrator.Newest ? null : $"The control database has form {form}, and not yet {Migrator.Newest}.";
        }
        catch (Exception)
        {
            return "The control database does not answer.";
        }
    }
}
