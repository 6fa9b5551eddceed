namespace Dbaas.GuestAgent.Commands;

/// <summary>Progress in the journal, in files of its own.</summary>
internal sealed record JournalledProgress(CommandJournal Journal, string CommandId) : ICommandProgress
{
    public bool HasReached(string milestone) => Journal.HasReached(milestone);

    public void Note(string milestone) => Journal.NoteMilestone(milestone);
}
