using Dbaas.Cloud.Logs;
using Dbaas.Domain.Guests;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Logs;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;
using ReadLog = Dbaas.GuestProtocol.Commands.ReadLog;
using LogText = Dbaas.GuestProtocol.Commands.LogText;

namespace Dbaas.TaskManager.Operations.PublishLog;

/// <summary>One move for each piece: asked for, stored, and recorded with the place that it leads to. A repeated move has the same answer.
/// </summary>
internal sealed class CopyPieces(LogObjects objects, GuestCommands guests, GuestOptions silence) : Step<PublishLogState>
{
    private const int PieceBytes = 512 * 1024;
    private static readonly TimeSpan ForOne = TimeSpan.FromMinutes(1);

    public override string Name => "copy log";

    public override async Task<StepOutcome<PublishLogState>> EnsureAsync(
        StepContext context, PublishLogState state, CancellationToken cancellationToken)
    {
        var id = context.Operation.Subject.Id;
        var (log, secret, instance, guest) = await context.ReadAsync(
            unit => (
                GuestLogRows.Find(unit, id)!, GuestLogRows.Secret(unit, id), InstanceRows.Find(unit, context.Operation.InstanceId),
                GuestRows.Find(unit, context.Operation.InstanceId)),
            cancellationToken);
        if (!PublishLogWorkflow.GoalOf(context.Operation).IsPublished || instance is null or { Deleted: true } || secret is null)
        {
            return Done(state);
        }

        if (WhyNot(context, instance, guest) is { } why)
        {
            await context.WriteAsync(unit => CommandRows.Withdraw(unit, context.Operation.Id, instance.Id), cancellationToken);
            return Failed(why);
        }

        if (state.From is not { } from)
        {
            return Moved(state with { From = log.Reached });
        }

        var answer = await guests.AskAsync(context, instance.Id, new ReadLog(log.Name, from, PieceBytes), ForOne, cancellationToken);
        if (answer is not GuestAnswer.Succeeded succeeded)
        {
            return answer.Then(state, _ => state);
        }

        var piece = succeeded.Read<LogText>();
        var until = state.Until ?? piece.End;
        if (piece.Next == piece.From)
        {
            return Done(state);
        }

        // A guest is not trusted: what leads back would never end.
        if (piece.From < from || piece.Next < piece.From
            || (log.Reached == from && !await TryStoreAsync(context, log, secret, from, piece, cancellationToken)))
        {
            return Failed($"What the agent of {instance.Name} told of the log {log.Name} is no piece of a log.");
        }

        return piece.Next >= until ? Done(state) : Moved(new PublishLogState(piece.Next, until));
    }

    /// <returns>False: it is nothing to be stored.</returns>
    private async Task<bool> TryStoreAsync(
        StepContext context, PublishedLog log, string secret, long from, LogText piece, CancellationToken cancellationToken)
    {
        byte[] text;
        try
        {
            text = await LogObjects.UnpackAsync(piece.Gzip, cancellationToken);
        }
        catch (InvalidDataException)
        {
            return false;
        }

        // The next run's names are others: whoever comes late with this object cannot put it in the place of one of those.
        var name = $"{log.Parts:D8}-{context.Operation.Id}";
        await objects.WriteAsync(log, secret, name, piece.Gzip, cancellationToken);
        var part = new PublishedPart
        {
            Number = log.Parts, Object = name, LineCount = text.AsSpan().Count((byte)'\n'), Created = context.Now,
        };
        await context.WriteAsync(
            unit => GuestLogRows.TryAddPart(unit, log.Id, part, from, piece.Next, piece.Next - piece.From), cancellationToken);
        return true;
    }

    private string? WhyNot(StepContext context, Instance instance, GuestState? guest) =>
        guest is { } heard && heard.SilentFor > silence.GivenUpAfter
            ? $"The instance {instance.Name} has not answered for {heard.SilentFor.TotalSeconds:0} seconds."
            : null;
}
