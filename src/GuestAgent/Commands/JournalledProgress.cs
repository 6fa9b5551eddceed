namespace Dbaas.GuestAgent.Commands;

/// <summary>Progress in the journal, in files of its own.</summary>
internal sealed class JournalledProgress(CommandJournal journal, string commandId) : ICommandProgress
{
    public string CommandId => commandId;

    public bool HasReached(string milestone) => journal.HasReached(milestone);

    public void Note(string milestone) => journal.NoteMilestone(milestone);
}
