using System.Collections.Concurrent;
using Dbaas.Persistence;
using Dbaas.Simulation;
using Dbaas.Simulation.Effects;
using Dbaas.Simulation.Running;

namespace Dbaas.Galera.Tests.Support;

/// <summary>A task manager as far as operations go: the real runner with the real workflows, on what is due, some at a time.</summary>
public sealed class TaskManagerProcess : IAsyncDisposable
{
    private const int Parallel = 8;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);
    private readonly Database database;
    private readonly Worker worker;
    private readonly CancellationTokenSource end = new();
    private readonly ConcurrentDictionary<string, Task> running = new();
    private readonly Task work;

    /// <summary>Starts one.</summary>
    /// <param name="world">Where it is.</param>
    /// <param name="database">Its way to the database; disposed of with it.</param>
    /// <param name="lease">How long its claims hold.</param>
    public TaskManagerProcess(World world, Database database, TimeSpan lease)
    {
        this.database = database;
        worker = world.StartWorker(Life, database, lease);
        work = Task.Run(WorkAsync);
    }

    /// <summary>What may happen to it.</summary>
    public Life Life { get; } = new();

    /// <summary>What it did not expect.</summary>
    public ConcurrentQueue<Exception> Failures { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        Life.Thaw();
        await work;
        await Task.WhenAll(running.Values);
        worker.Dispose();
        database.Dispose();
        end.Dispose();
    }

    private async Task WorkAsync()
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                // Whoever is stopped looks for nothing.
                await Life.BeforeAsync("look");
                foreach (var id in (await worker.FindDueAsync()).Where(id => !running.ContainsKey(id)).Take(Parallel - running.Count))
                {
                    running[id] = Task.Run(() => RunAsync(id));
                }
            }
            catch (CutException)
            {
                return;
            }
            catch (DatabaseAwayException)
            {
                // Then later.
            }

            await Task.Delay(LookEvery);
        }
    }

    private async Task RunAsync(string id)
    {
        try
        {
            await worker.RunAsync(id);
        }
        catch (Exception e) when (e is CutException or DatabaseAwayException)
        {
            // Another worker goes on from its last save, once its claim has run out.
        }
        catch (Exception e)
        {
            Failures.Enqueue(e);
        }
        finally
        {
            running.TryRemove(id, out _);
        }
    }
}
