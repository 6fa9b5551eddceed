using Dbaas.GuestAgent.Files;
using Dbaas.GuestProtocol.Reports;

namespace Dbaas.GuestAgent.Reporting;

/// <summary>
/// What the gateway last said about this server's role. The highest epoch is on the disk before it counts. The lease is in memory only, and
/// measured by a clock that nobody sets: an agent that was started again has none until the next answer. Nothing acts on its end yet.
/// </summary>
internal sealed class RoleLease
{
    private readonly string path;
    private readonly TimeProvider time;
    private readonly Action<string> log;
    private readonly Lock gate = new();
    private long epoch;
    private (long SentAt, TimeSpan Length) lease;

    public RoleLease(string folder, TimeProvider time, Action<string> log)
    {
        path = Path.Combine(folder, "role.json");
        this.time = time;
        this.log = log;
        epoch = PrivateFile.ReadJsonOrNone(path, RoleContext.Default.RoleRecord, log)?.Epoch ?? 0;
    }

    /// <summary>The highest epoch ever heard of; 0: of none.</summary>
    public long Epoch
    {
        get
        {
            lock (gate)
            {
                return epoch;
            }
        }
    }

    /// <summary>What is left of the lease; zero: nothing.</summary>
    public TimeSpan Left
    {
        get
        {
            lock (gate)
            {
                var left = lease.Length - time.GetElapsedTime(lease.SentAt);
                return left > TimeSpan.Zero ? left : TimeSpan.Zero;
            }
        }
    }

    /// <summary>Takes an answer. One of an earlier epoch is an old one, and grants nothing.</summary>
    /// <param name="answer">The gateway's.</param>
    /// <param name="sentAt">The timestamp of when the report that it answers was sent.</param>
    public void Accept(ReportAnswer answer, long sentAt)
    {
        lock (gate)
        {
            if (answer.RoleEpoch < epoch || !TryKeep(answer.RoleEpoch))
            {
                return;
            }

            lease = (sentAt, TimeSpan.FromSeconds(Math.Clamp(answer.LeaseUntilSeconds, 0, TimeSpan.FromDays(1).TotalSeconds)));
        }
    }

    private bool TryKeep(long seen)
    {
        if (seen == epoch)
        {
            return true;
        }

        try
        {
            PrivateFile.WriteJson(path, new RoleRecord(seen), RoleContext.Default.RoleRecord);
            epoch = seen;
            return true;
        }
        catch (IOException e)
        {
            // Without its record the new role does not count, and the next answer says it again.
            log($"The role epoch {seen} cannot be kept: {e.Message}");
            return false;
        }
    }
}
