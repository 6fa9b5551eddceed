using System.Security.Cryptography;
using System.Text;
using Dbaas.GuestAgent.Files;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Channel;

namespace Dbaas.GuestAgent.Commands;

/// <summary>
/// One file for each command: written before it is acted on and again with its reply. A command that was begun and not finished is
/// simply run again when it comes again, since every call of a datastore may be repeated. Replies may hold secrets: the folder is
/// the agent's alone.
/// </summary>
internal sealed class CommandJournal
{
    private const string MilestoneKind = "milestone ";

    private static readonly TimeSpan KeepFor = TimeSpan.FromDays(7);
    private static readonly TimeSpan PruneEvery = TimeSpan.FromDays(1);

    private readonly string folder;
    private readonly TimeProvider time;

    public CommandJournal(string folder, TimeProvider time)
    {
        this.folder = folder;
        this.time = time;
        PrivateFile.EnsureFolder(folder);
    }

    /// <summary>Null when the command has not finished, or never came.</summary>
    public ReplyEnvelope? FindReply(string id) => PrivateFile.ReadJson<JournalEntry>(PathOf(id))?.Reply;

    /// <summary>Notes that the command is about to be run.</summary>
    public void Begin(CommandEnvelope command) => Write(command.Id, command.Kind, command.Fence, reply: null);

    public void Finish(CommandEnvelope command, ReplyEnvelope reply) => Write(command.Id, command.Kind, command.Fence, reply);

    /// <summary>Whether this was noted.</summary>
    public bool HasReached(string milestone) => File.Exists(PathOf(MilestoneKind + milestone));

    /// <summary>Notes something that must not be done twice, whichever command comes for it.</summary>
    public void NoteMilestone(string milestone) => Write(MilestoneKind + milestone, MilestoneKind, fence: null, reply: null);

    public async Task KeepPrunedAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Prune();
            await Task.Delay(PruneEvery, time, cancellationToken);
        }
    }

    /// <summary>Forgets what nobody will ask about any more.</summary>
    public void Prune()
    {
        foreach (var path in Directory.EnumerateFiles(folder, "*.json"))
        {
            if (PrivateFile.ReadJson<JournalEntry>(path) is { } entry && time.GetUtcNow() - entry.At > KeepFor)
            {
                File.Delete(path);
            }
        }
    }

    private void Write(string id, string kind, Fence? fence, ReplyEnvelope? reply) =>
        PrivateFile.WriteJson(PathOf(id), new JournalEntry(id, kind, fence, time.GetUtcNow(), reply));

    // An id is the control plane's and may hold anything; a hash is always a file name.
    private string PathOf(string id) =>
        Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id))) + ".json");
}
