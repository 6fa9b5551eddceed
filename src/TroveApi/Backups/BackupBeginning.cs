using Dbaas.Domain.Backups;
using Dbaas.Domain.Guests;
using Dbaas.Domain.Quotas;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Http;
using Dbaas.TroveApi.Instances;
using Dbaas.TroveApi.Quotas;

namespace Dbaas.TroveApi.Backups;

/// <summary>What requests that begin a backup have in common.</summary>
internal sealed class BackupBeginning(TroveApiOptions options)
{
    private const int NotSupported = 501;

    /// <exception cref="FaultException">It cannot be begun.</exception>
    public static void Check(InstanceFacts facts, AgentFacts? agent, bool follows)
    {
        var obstacle = BackupRules.WhyNot(new BackupSeen
        {
            Instance = facts.Instance,
            Status = facts.Status,
            IsHealthy = facts.IsHealthy,
            OperationKind = facts.Operation?.Kind,
            DatastoreName = facts.Version.DatastoreName,
            Agent = agent,
            AgentTooOld = agent is null ? null : GuestCommand.WhyNotBy(typeof(CreateBackup), agent.Protocol),
            Follows = follows,
        });
        if (obstacle is not null)
        {
            throw obstacle.Kind == BackupObstacleKind.Unsupported
                ? new FaultException(NotSupported, obstacle.Sentence)
                : FaultException.Unprocessable(obstacle.Sentence);
        }
    }

    /// <summary>In the unit that begins it.</summary>
    /// <exception cref="FaultException">The project has as many as it may have.</exception>
    /// <exception cref="GuardException">Something is not as it was when it was looked at.</exception>
    public void Write(IUnit unit, Backup backup, string operationId, string historyId)
    {
        QuotaRows.Ensure(unit, backup.TenantId, options.Quotas);
        Check(BackupStarts.Create(unit, backup, operationId, historyId));
    }

    /// <exception cref="FaultException">The project has as many as it may have.</exception>
    /// <exception cref="GuardException">Something is not as it was when it was looked at.</exception>
    public static void Check(BackupStart start)
    {
        switch (start)
        {
            case BackupStart.OverQuota:
                throw QuotaTaker.Exceeded(QuotaResources.Backups);
            case BackupStart.Changed:
                throw new GuardException();
        }
    }
}
