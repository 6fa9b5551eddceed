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
    private const string Suffix = ".json";
    private const string MilestoneKind = "milestone ";

    // Remembered whatever the clock says: it may have been set.
    private const int KeepLast = 200;

    private static readonly TimeSpan KeepFor = TimeSpan.FromDays(7);
    private static readonly TimeSpan PruneEvery = TimeSpan.FromDays(1);

    private readonly string folder;
    private readonly TimeProvider time;
    private readonly Action<string> log;

    public CommandJournal(string folder, TimeProvider time, Action<string> log)
    {
        this.folder = folder;
        this.time = time;
        this.log = log;
        PrivateFile.EnsureFolder(folder);
    }

    /// <summary>Null when the command has not finished, or never came.</summary>
    public ReplyEnvelope? FindReply(string id) => Read(PathOf(id))?.Reply;

    /// <summary>Notes that the command is about to be run.</summary>
    public void Begin(CommandEnvelope command) => Write(command.Id, command.Kind, command.Fence, reply: null);

    public void Finish(CommandEnvelope command, ReplyEnvelope reply) => Write(command.Id, command.Kind, command.Fence, reply);

    /// <summary>The highest fence of all the commands that are remembered.</summary>
    public Fence HighestFence() => Files().Select(path => Read(path)?.Fence ?? default).DefaultIfEmpty().Max();

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
        foreach (var (path, entry) in Files().Select(path => (path, Read(path))).OrderByDescending(one => one.Item2?.At).Skip(KeepLast))
        {
            if (entry is not null && time.GetUtcNow() - entry.At > KeepFor)
            {
                File.Delete(path);
            }
        }

        // What was put aside, and what a full volume or a kill left half written.
        foreach (var aside in Directory.EnumerateFiles(folder).Where(path => !path.EndsWith(Suffix, StringComparison.Ordinal)))
        {
            if (time.GetUtcNow() - File.GetLastWriteTimeUtc(aside) > KeepFor)
            {
                File.Delete(aside);
            }
        }
    }

    private void Write(string id, string kind, Fence? fence, ReplyEnvelope? reply) =>
        PrivateFile.WriteJson(PathOf(id), new JournalEntry(id, kind, fence, time.GetUtcNow(), reply), JournalContext.Default.JournalEntry);

    /// <summary>A file that is damaged is none: its command runs again, which every command may.</summary>
    private JournalEntry? Read(string path) => PrivateFile.ReadJsonOrNone(path, JournalContext.Default.JournalEntry, log);

    private List<string> Files() => [.. Directory.EnumerateFiles(folder, "*" + Suffix)];

    // An id is the control plane's and may hold anything; a hash is always a file name.
    private string PathOf(string id) =>
        Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id))) + Suffix);
}
