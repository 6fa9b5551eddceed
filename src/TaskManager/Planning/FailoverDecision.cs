using Dbaas.Domain.Guests;
using Dbaas.Domain.Instances;

namespace Dbaas.TaskManager.Planning;

/// <summary>
/// Whether a set whose master seems dead gets another one by itself. Never by the word of one observer: the master's agent is silent, or
/// says that its database does not work; and slaves say that they get no answer from it, and none receives.
/// </summary>
public static class FailoverDecision
{
    /// <summary>Who reports every second, and was not heard of for so long, is silent.</summary>
    public static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(4);

    /// <summary>
    /// The same of a master that was not heard of since a gateway came back, after none was there: after a power cut of everything its
    /// agent may only be the last to start.
    /// </summary>
    public static readonly TimeSpan SilentAfterOutage = TimeSpan.FromMinutes(1);

    /// <summary>An agent that answers gets so long to bring its database back: it starts one that has ended by itself.</summary>
    public static readonly TimeSpan Mending = TimeSpan.FromSeconds(10);

    /// <summary>A set that failed over so lately waits for somebody to look: twice in a row may be the fault of something else.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromMinutes(10);

    /// <summary>What is to be done.</summary>
    /// <param name="master">The master.</param>
    /// <param name="slaves">Whoever follows it by the rows.</param>
    /// <param name="troubledFor">For how long its database has been seen not to work, its agent answering.</param>
    /// <param name="sinceLast">How long ago the set last failed over by itself; null: never.</param>
    public static FailoverMove Next(
        MemberSight master, IReadOnlyList<MemberSight> slaves, TimeSpan troubledFor, TimeSpan? sinceLast)
    {
        // Where no slave is heard either it may be the control plane that is cut off; whoever receives from it knows better than we; and
        // a slave that stopped for another reason, or is refused, says nothing of it.
        var heard = slaves.Where(IsHeard).ToList();
        var isLost = heard.Exists(slave => slave.Guest!.SourceLost) && !heard.Exists(slave => slave.Guest!.Receiving);
        var isMending = IsHeard(master) && troubledFor < Mending;
        if (!isLost || !SeemsDead(master) || isMending)
        {
            return new FailoverMove.Nothing();
        }

        var why = $"{(IsHeard(master) ? $"Its database is {Word(master)}" : "Its agent is not heard")}, and no replica reaches it.";
        return (Held(master, slaves) ?? HeldForNow(master, sinceLast)) is { } held
            ? new FailoverMove.Hold($"{why} There is no failover by itself: {held}")
            : new FailoverMove.FailOver(why);
    }

    /// <summary>Its agent answers, and says that its database does not work.</summary>
    public static bool IsTroubled(MemberSight master) =>
        IsHeard(master) && master.Guest!.ServerState is "Blocked" or "Crashed" or "Starting";

    // Whatever an operation does to it is that operation's: a restart looks like this, too.
    private static bool SeemsDead(MemberSight master) =>
        master is { Instance: { Lifecycle: Lifecycle.Ready, LockOwner: null }, Guest: { } guest }
        && (IsTroubled(master) || !guest.Answers(guest.SilentSince > guest.LastSeen ? SilentAfterOutage : SilentAfter));

    private static string? Held(MemberSight master, IReadOnlyList<MemberSight> slaves)
    {
        if (master.Instance.LockShared > 0)
        {
            return $"something else is at work on {master.Instance.Id}, a backup or a new replica.";
        }

        foreach (var slave in slaves)
        {
            var id = slave.Instance.Id;
            switch (slave)
            {
                case { Instance: not { LockOwner: null, LockShared: 0 } }:
                    return $"something else is at work on its replica {id}.";
                case { Instance.Lifecycle: not Lifecycle.Ready }:
                    return $"its replica {id} is not whole. Delete it.";
                case var silent when !IsHeard(silent):
                    return $"its replica {id} is not heard either, and may have transactions that no other has. Eject the master with "
                        + "\"force\" if they may be lost.";
                case { Guest: not { ServerState: "Healthy" } }:
                    return $"the database of its replica {id} does not work.";
                case { Guest: { SourceLost: false, ReplicationError: var error } }:
                    return $"its replica {id} stopped to receive for another reason: {error}";
                case { Guest: { Applying: false, ReplicationError: var error } }:
                    return $"its replica {id} cannot apply what it has received: {error}";
            }
        }

        return null;
    }

    private static string? HeldForNow(MemberSight master, TimeSpan? sinceLast) =>
        sinceLast < Rest
            ? $"the last one was {sinceLast.Value.TotalMinutes:0} min ago. Eject the master if it is to be replaced again."
            : IsHeard(master) && master.Guest!.ServerState == "Starting"
                ? "its database is starting, and may be recovering what it has. Wait until it serves."
                : null;

    private static bool IsHeard(MemberSight member) => member.Guest?.Answers(SilentAfter) == true;

    private static string Word(MemberSight master) => master.Guest!.ServerState switch
    {
        "Blocked" => "running without an answer",
        "Crashed" => "down, and not back",
        _ => "starting",
    };
}

/// <summary>A member as the database knows it.</summary>
/// <param name="Instance">Its row.</param>
/// <param name="Guest">What its agent said last; null: it never said anything.</param>
public sealed record MemberSight(Instance Instance, GuestState? Guest);

/// <summary>What is to be done about a set that fails over by itself.</summary>
public abstract record FailoverMove
{
    private FailoverMove()
    {
    }

    /// <summary>Its master does not seem dead.</summary>
    public sealed record Nothing : FailoverMove;

    /// <summary>It does, but nobody is promoted.</summary>
    /// <param name="Because">A sentence for users.</param>
    public sealed record Hold(string Because) : FailoverMove;

    /// <summary>A slave takes its place.</summary>
    /// <param name="Because">What is known of it, for the history.</param>
    public sealed record FailOver(string Because) : FailoverMove;
}
