using Dbaas.GuestProtocol.Commands;

namespace Dbaas.Datastores.MySql.Replication;

/// <summary>
/// One run of the backup tool for all slaves that were asked for together: the first reader waits a while for the others. Who comes later
/// gets a run of its own.
/// </summary>
internal sealed class SharedRuns(TimeProvider time, TimeSpan gatherFor, TimeSpan readerPatience)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, SharedRun> _gathering = [];

    /// <summary>How many readers of a group have begun. Known as long as this agent lives.</summary>
    private readonly Dictionary<string, int> _begun = [];

    /// <summary>Writes to this reader, and to the others of its group that have come by then.</summary>
    /// <param name="group">The slaves that were asked for together.</param>
    /// <param name="output">The reader's.</param>
    /// <param name="write">Writes one run.</param>
    /// <param name="cancellationToken">The reader is gone.</param>
    public async Task ReadAsync(
        SlaveGroup group, Stream output, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        SharedRun run;
        SharedRun.Reader reader;
        lock (_gate)
        {
            if (_gathering.TryGetValue(group.Id, out var gathering))
            {
                run = gathering;
            }
            else
            {
                _gathering[group.Id] = run = new SharedRun(time, readerPatience);
                _ = GatherAsync(group, run, write);
            }

            reader = run.Join(output, cancellationToken);
            if (_begun.GetValueOrDefault(group.Id) + run.Readers >= group.Size)
            {
                run.AllAreThere();
            }
        }

        await using var leaving = cancellationToken.Register(() => run.Leave(reader));
        await reader.Done;
    }

    /// <summary>Never throws: what fails is told to the readers.</summary>
    private async Task GatherAsync(SlaveGroup group, SharedRun run, Func<Stream, CancellationToken, Task> write)
    {
        await Task.WhenAny(run.Gathered, Task.Delay(gatherFor, time));
        lock (_gate)
        {
            _gathering.Remove(group.Id);
            _begun[group.Id] = _begun.GetValueOrDefault(group.Id) + run.Readers;
        }

        await run.GoAsync(write);
    }
}
