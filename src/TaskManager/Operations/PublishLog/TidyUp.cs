using Dbaas.Cloud.Logs;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;

namespace Dbaas.TaskManager.Operations.PublishLog;

/// <summary>
/// What was published goes, where that is wanted. The oldest parts of very many always do, and what an earlier run stored and did not
/// record.
/// </summary>
internal sealed class TidyUp(LogObjects objects) : Step<PublishLogState>
{
    /// <summary>A quarter of a gigabyte of a log.</summary>
    private const int MostParts = 512;

    public override string Name => "tidy up";

    public override async Task<StepOutcome<PublishLogState>> EnsureAsync(
        StepContext context, PublishLogState state, CancellationToken cancellationToken)
    {
        var id = context.Operation.Subject.Id;
        var (log, parts) = await context.ReadAsync(
            unit => (GuestLogRows.Find(unit, id)!, GuestLogRows.Parts(unit, id)), cancellationToken);
        var isDiscarded = PublishLogWorkflow.GoalOf(context.Operation).IsDiscarded;
        var kept = isDiscarded ? [] : parts.TakeLast(MostParts).Select(part => part.Object).ToHashSet();
        var gone = parts.Where(part => !kept.Contains(part.Object)).ToList();
        var there = await objects.NamesAsync(log.Place, cancellationToken);

        // Whoever stood still until now sees what a later run has stored, and does not know that it is recorded: it goes no further.
        await context.WriteAsync(_ => { }, cancellationToken);
        foreach (var name in there.Union(gone.Select(part => part.Object)).Where(name => !kept.Contains(name)))
        {
            await objects.DeleteAsync(log.Place, name, cancellationToken);
        }

        await context.WriteAsync(
            unit =>
            {
                if (isDiscarded)
                {
                    GuestLogRows.Discard(unit, id);
                    return;
                }

                foreach (var part in gone)
                {
                    GuestLogRows.RemovePart(unit, id, part.Number);
                }
            },
            cancellationToken);
        return Done(state);
    }
}
