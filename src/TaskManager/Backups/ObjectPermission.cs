using Dbaas.GuestProtocol.Channel;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.TaskManager.Backups;

/// <summary>What an agent may do with objects: what the command needs that it works on, and nothing else.</summary>
public static class ObjectPermission
{
    private const int MostAtOnce = 64;
    private const int NumberDigits = 8;
    private const string List = "list";

    /// <param name="command">The command that the agent names, which was sent to it, and which it has not answered; null: there is none.
    /// </param>
    /// <param name="request">What it asks for.</param>
    public static bool Allows(GuestCommand? command, ObjectRequest request) =>
        request.Names is { Count: > 0 and <= MostAtOnce } && request.Names.All(name => name is not null)
        && (command, request.Access) switch
        {
            (CreateBackup backup, ObjectAccess.Write) =>
                backup.BackupId == request.BackupId && request.Names.All(name => IsOfRun(name, RunOf(name))),
            (RestoreBackup restore, ObjectAccess.Read) => Allows(restore.Chain, request),
            (LoadReplicationSnapshot load, ObjectAccess.Read) => Allows(load.Chain, request),
            (ArchiveLog archive, ObjectAccess.Write) =>
                archive.LogId == request.BackupId && request.Names.All(name => IsOfRun(name, RunOf(name))),
            (RestoreMoment restore, ObjectAccess.Read) =>
                RunOf(restore, request.BackupId) is { } run && request.Names.All(name => IsOfRun(name, run)),
            _ => false,
        };

    private static bool Allows(IReadOnlyList<BackupLink> chain, ObjectRequest request) =>
        chain.FirstOrDefault(link => link.BackupId == request.BackupId) is { } link
        && request.Names.All(name => IsOfRun(name, link.Objects.Run));

    private static string? RunOf(RestoreMoment restore, string id) =>
        restore.Chain.FirstOrDefault(link => link.BackupId == id)?.Objects.Run
        ?? restore.Logs.FirstOrDefault(log => log.LogId == id)?.Run;

    private static string RunOf(string name) => name.Split('-')[0];

    private static bool IsOfRun(string name, string run) =>
        run.Length is > 0 and <= ObjectNames.LongestRun && run.All(char.IsAsciiLetterOrDigit)
        && name.StartsWith($"{run}-", StringComparison.Ordinal)
        && name[(run.Length + 1)..] is var rest
        && (rest == List || (rest.Length == NumberDigits && rest.All(char.IsAsciiDigit)));
}
