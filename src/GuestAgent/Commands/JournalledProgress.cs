using Dbaas.GuestProtocol.Channel;

namespace Dbaas.GuestAgent.Commands;

/// <summary>Progress in the command's own journal file.</summary>
internal sealed class JournalledProgress(CommandJournal journal, CommandEnvelope command, string? last) : ICommandProgress
{
    public string? Last => last;

    public void Note(string progress) => journal.NoteProgress(command, progress);
}
