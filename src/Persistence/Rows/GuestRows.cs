using Dbaas.Domain.Guests;

namespace Dbaas.Persistence.Rows;

/// <summary>What is known of each guest, and how it may identify itself.</summary>
public static class GuestRows
{
    // Databases limit the number of parameters; and no ids are no statement, since IN () cannot be written.
    private const int IdsAtOnce = 1000;

    // A guest that was not silent when the last gateway went was heard of when one came back: see GatewayWatchRows.
    private const string Columns = """
        instance_id, last_seen, CASE WHEN last_seen >= heard_after AND last_seen < since THEN since ELSE last_seen END AS silent_since,
        server_state, detail, server_version, volume_total, volume_used, follows, replicating, lag_seconds,
        receiving, source_lost, applying,
        read_only, log_on, known_slaves, replication_error, role_epoch, lease_held, lease_until, jobs,
        wait_for_restart, configuration_given_up, certificate
        """;

    private const string Tables = "guests JOIN gateway_watch ON gateway_watch.id = 1";

    /// <summary>The last that is known; null when nothing was ever heard.</summary>
    public static GuestState? Find(IUnit unit, string instanceId) =>
        unit.First<GuestState>(
            $"SELECT {Columns}, {unit.Dialect.Now} AS read_at FROM {Tables} WHERE instance_id = @instanceId AND last_seen > 0",
            new { instanceId });

    /// <summary>The last that is known of several.</summary>
    public static IReadOnlyList<GuestState> Find(IUnit unit, IEnumerable<string> instanceIds) =>
        [.. instanceIds.Chunk(IdsAtOnce).SelectMany(ids => unit.Query<GuestState>(
            $"SELECT {Columns}, {unit.Dialect.Now} AS read_at FROM {Tables} WHERE instance_id IN @ids AND last_seen > 0",
            new { ids }))];

    /// <summary>
    /// Keeps a report, unless a later one is kept already (one of more than ten minutes later is of a clock that was set back since), and
    /// grants a lease with it. None gets shorter.
    /// </summary>
    /// <param name="unit">The unit.</param>
    /// <param name="state">What it says.</param>
    /// <param name="age">How long ago it came in: a process may have stood still since.</param>
    /// <param name="lease">How long the guest may go on in its role, from when it came in.</param>
    /// <returns>False: a later one is.</returns>
    public static bool Save(IUnit unit, GuestState state, TimeSpan age, TimeSpan lease)
    {
        var at = $"({unit.Dialect.Now} - @age)";
        return unit.Execute(
            $"""
            UPDATE guests SET last_seen = {at}, reported_at = {at}, lease_until = {Longer(at)},
              server_state = @ServerState, detail = @Detail,
              server_version = @ServerVersion,
              volume_total = @VolumeTotal, volume_used = @VolumeUsed, follows = @Follows, replicating = @Replicating,
              receiving = @Receiving, source_lost = @SourceLost, applying = @Applying,
              lag_seconds = @LagSeconds, read_only = @ReadOnly, log_on = @LogOn, known_slaves = @KnownSlaves,
              replication_error = @ReplicationError, role_epoch = @RoleEpoch, lease_held = @LeaseHeld,
              jobs = @Jobs, wait_for_restart = @WaitForRestart, configuration_given_up = @ConfigurationGivenUp,
              certificate = @Certificate
            WHERE instance_id = @InstanceId AND (reported_at <= {at} OR reported_at > {at} + 600000)
            """,
            new
            {
                state.InstanceId,
                state.ServerState,
                state.Detail,
                state.ServerVersion,
                state.VolumeTotal,
                state.VolumeUsed,
                state.Follows,
                state.Replicating,
                state.Receiving,
                state.SourceLost,
                state.Applying,
                state.LagSeconds,
                state.ReadOnly,
                state.LogOn,
                state.KnownSlaves,
                state.ReplicationError,
                state.RoleEpoch,
                state.LeaseHeld,
                state.Jobs,
                state.WaitForRestart,
                state.ConfigurationGivenUp,
                state.Certificate,
                age = (long)age.TotalMilliseconds,
                lease = (long)lease.TotalMilliseconds,
            }) == 1;
    }

    /// <summary>Heard of so long ago, and granted a lease from then on. None gets shorter.</summary>
    public static void Seen(IUnit unit, IReadOnlyCollection<string> instanceIds, TimeSpan age, TimeSpan lease)
    {
        var at = $"({unit.Dialect.Now} - @age)";
        foreach (var ids in instanceIds.Chunk(IdsAtOnce))
        {
            unit.Execute(
                $"""
                UPDATE guests SET last_seen = CASE WHEN last_seen > {at} AND last_seen <= {at} + 600000 THEN last_seen ELSE {at} END,
                  lease_until = {Longer(at)}
                WHERE instance_id IN @ids
                """,
                new { age = (long)age.TotalMilliseconds, lease = (long)lease.TotalMilliseconds, ids });
        }
    }

    /// <summary>What moves all the time, and nobody decides by: use of the volume, lag, progress.</summary>
    public static void SaveFigures(IUnit unit, IReadOnlyList<GuestState> states)
    {
        if (states.Count == 0)
        {
            return;
        }

        var parameters = new Dictionary<string, object?> { ["ids"] = states.Select(state => state.InstanceId).ToArray() };
        for (var number = 0; number < states.Count; number++)
        {
            parameters[$"id{number}"] = states[number].InstanceId;
            parameters[$"total{number}"] = states[number].VolumeTotal;
            parameters[$"used{number}"] = states[number].VolumeUsed;
            parameters[$"lag{number}"] = states[number].LagSeconds;
            parameters[$"jobs{number}"] = states[number].Jobs;
        }

        unit.Execute(
            $"""
            UPDATE guests SET volume_total = {Each("total")}, volume_used = {Each("used")}, lag_seconds = {Each("lag")},
              jobs = {Each("jobs")}
            WHERE instance_id IN @ids
            """,
            parameters);

        string Each(string value)
        {
            var cases = Enumerable.Range(0, states.Count).Select(number => $"WHEN @id{number} THEN @{value}{number}");
            return $"CASE instance_id {string.Join(' ', cases)} END";
        }
    }

    private static string Longer(string at) => $"CASE WHEN lease_until < {at} + @lease THEN {at} + @lease ELSE lease_until END";

    /// <summary>The parameters that come with the next start of the database: before its next report says so.</summary>
    public static void SetWaitForRestart(IUnit unit, string instanceId, string parameters) =>
        unit.Execute(
            "UPDATE guests SET wait_for_restart = @parameters, configuration_given_up = NULL WHERE instance_id = @instanceId",
            new { instanceId, parameters });

    /// <summary>Some guests in id order, from behind this one.</summary>
    public static IReadOnlyList<GuestState> Page(IUnit unit, string after, int limit) =>
        unit.Query<GuestState>(
            $"""
            SELECT {Columns}, {unit.Dialect.Now} AS read_at FROM {Tables} WHERE instance_id > @after ORDER BY instance_id LIMIT @limit
            """,
            new { after, limit });

    /// <summary>Opens a window for one enrolment with the secret of this hash. Certificates of before are void.</summary>
    public static void AllowEnrolment(IUnit unit, string instanceId, string secretHash) =>
        unit.Execute(
            """
            UPDATE guests SET enrolment_hash = @secretHash, enrolment_key = NULL, certificate_serial = NULL, renewed_serial = NULL
            WHERE instance_id = @instanceId
            """,
            new { instanceId, secretHash });

    /// <summary>
    /// The same for a server that has an agent: its certificate goes on counting until the new agent has one, or <see cref="VoidFormer"/>.
    /// </summary>
    public static void AllowSuccessor(IUnit unit, string instanceId, string secretHash) =>
        unit.Execute(
            "UPDATE guests SET enrolment_hash = @secretHash, enrolment_key = NULL WHERE instance_id = @instanceId",
            new { instanceId, secretHash });

    /// <summary>The agent of before is gone: its certificates are void. Nothing to do when the new one has come already.</summary>
    public static void VoidFormer(IUnit unit, string instanceId, string secretHash) =>
        unit.Execute(
            """
            UPDATE guests SET certificate_serial = NULL, renewed_serial = NULL
            WHERE instance_id = @instanceId AND enrolment_hash = @secretHash AND enrolment_key IS NULL
            """,
            new { instanceId, secretHash });

    /// <summary>Nobody may enrol any more. Who has enrolled stays.</summary>
    public static void CloseEnrolment(IUnit unit, string instanceId) =>
        unit.Execute("UPDATE guests SET enrolment_hash = NULL, enrolment_key = NULL WHERE instance_id = @instanceId", new { instanceId });

    /// <summary>
    /// Uses the secret up, for one key: the same key may come again, since the answer to it may have been lost. Its first use makes the
    /// certificates of a former agent void.
    /// </summary>
    /// <returns>False: wrong, used with another key, or none is open.</returns>
    public static bool TryUseEnrolment(IUnit unit, string instanceId, string secretHash, string keyHash) =>

        // The key comes last: MariaDB assigns from left to right.
        unit.Execute(
            """
            UPDATE guests SET
              certificate_serial = CASE WHEN enrolment_key IS NULL THEN NULL ELSE certificate_serial END,
              renewed_serial = CASE WHEN enrolment_key IS NULL THEN NULL ELSE renewed_serial END,
              enrolment_key = @keyHash
            WHERE instance_id = @instanceId AND enrolment_hash = @secretHash AND (enrolment_key IS NULL OR enrolment_key = @keyHash)
            """,
            new { instanceId, secretHash, keyHash }) == 1;

    /// <summary>This certificate alone counts from now on. It is for the key that has used the secret.</summary>
    /// <returns>False: revoked, or to enrol anew, since then.</returns>
    public static bool TrySetCertificate(IUnit unit, string instanceId, string secretHash, string keyHash, string serial) =>
        unit.Execute(
            """
            UPDATE guests SET certificate_serial = @serial, renewed_serial = NULL
            WHERE instance_id = @instanceId AND enrolment_hash = @secretHash AND enrolment_key = @keyHash
            """,
            new { instanceId, secretHash, keyHash, serial }) == 1;

    /// <summary>
    /// The agent has its certificate: the secret is void for the key that used it, too. One that nobody has used yet waits for this agent's
    /// successor.
    /// </summary>
    /// <returns>False: the certificate does not count (any more).</returns>
    public static bool TryEndEnrolment(IUnit unit, string instanceId, string serial) =>
        unit.Execute(
            """
            UPDATE guests SET enrolment_hash = CASE WHEN enrolment_key IS NULL THEN enrolment_hash ELSE NULL END, enrolment_key = NULL
            WHERE instance_id = @instanceId AND (certificate_serial = @serial OR renewed_serial = @serial)
            """,
            new { instanceId, serial }) == 1;

    /// <summary>What the agent said of itself. The row is written when something of it has changed.</summary>
    public static void SetAgent(IUnit unit, string instanceId, AgentFacts facts) =>
        unit.Execute(
            """
            UPDATE guests SET agent_version = @AgentVersion, protocol = @Protocol, oldest_protocol = @OldestProtocol,
              newest_protocol = @NewestProtocol, capabilities = @Capabilities, machine_memory_mb = @MachineMemoryMb,
              machine_cpus = @MachineCpus, boot_id = @BootId
            WHERE instance_id = @instanceId AND (agent_version <> @AgentVersion OR protocol <> @Protocol
              OR oldest_protocol <> @OldestProtocol OR newest_protocol <> @NewestProtocol OR capabilities <> @Capabilities
              OR machine_memory_mb <> @MachineMemoryMb OR machine_cpus <> @MachineCpus OR boot_id <> @BootId)
            """,
            new
            {
                instanceId,
                facts.AgentVersion,
                facts.Protocol,
                facts.OldestProtocol,
                facts.NewestProtocol,
                facts.Capabilities,
                facts.MachineMemoryMb,
                facts.MachineCpus,
                facts.BootId,
            });

    /// <summary>What the agent said of itself; null before it said anything.</summary>
    public static AgentFacts? FindAgent(IUnit unit, string instanceId) => FindAgents(unit, [instanceId]) is [var only] ? only : null;

    /// <summary>What the agents of several said of themselves.</summary>
    public static IReadOnlyList<AgentFacts> FindAgents(IUnit unit, IEnumerable<string> instanceIds) =>
        [.. instanceIds.Chunk(IdsAtOnce).SelectMany(ids => unit.Query<AgentFacts>(
            """
            SELECT instance_id, agent_version, protocol, oldest_protocol, newest_protocol, capabilities, machine_memory_mb, machine_cpus,
              boot_id
            FROM guests WHERE instance_id IN @ids AND protocol > 0
            """,
            new { ids }))];

    /// <summary>
    /// This certificate counts from now on, and the one that it was asked for with: the answers to any number of renewals may get lost.
    /// </summary>
    /// <returns>False: the one that it was asked for with does not count (any more).</returns>
    public static bool TryAddCertificate(IUnit unit, string instanceId, string presented, string serial) =>
        unit.Execute(
            """
            UPDATE guests SET renewed_serial = @presented, certificate_serial = @serial
            WHERE instance_id = @instanceId AND (certificate_serial = @presented OR renewed_serial = @presented)
            """,
            new { instanceId, presented, serial }) == 1;

    /// <summary>The certificates that count, of several guests.</summary>
    public static IReadOnlyList<GuestCertificates> Certificates(IUnit unit, IReadOnlyCollection<string> instanceIds) =>
        [.. instanceIds.Chunk(IdsAtOnce).SelectMany(ids => unit.Query<GuestCertificates>(
            "SELECT instance_id, certificate_serial, renewed_serial FROM guests WHERE instance_id IN @ids", new { ids }))];

    /// <summary>Whether the guest has enrolled.</summary>
    public static bool IsEnrolled(IUnit unit, string instanceId) =>
        unit.First<string>("SELECT certificate_serial FROM guests WHERE instance_id = @instanceId", new { instanceId }) is not null;

    /// <summary>The guest may not identify itself any more.</summary>
    public static void Revoke(IUnit unit, string instanceId) =>
        unit.Execute(
            """
            UPDATE guests SET enrolment_hash = NULL, enrolment_key = NULL, certificate_serial = NULL, renewed_serial = NULL
            WHERE instance_id = @instanceId
            """,
            new { instanceId });
}
