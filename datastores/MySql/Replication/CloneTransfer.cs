using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Encryption;
using Dbaas.Datastores.MySql.Files;
using Dbaas.Datastores.MySql.Server;
using MySqlConnector;

namespace Dbaas.Datastores.MySql.Replication;

/// <summary>
/// MySQL's CLONE: the master's server sends its data by the database port to a login that may do nothing else. On the slave's side a server
/// has to ask for it: a small one that lives for this only and writes the clone into a folder, which becomes the data when it is whole.
/// </summary>
internal sealed class CloneTransfer(
    Flavor flavor,
    DatastoreHost host,
    ServerLayout layout,
    ServerConnections connections,
    Certificates certificates,
    ReplicationUsers users)
    : IDataTransfer
{
    /// <summary>Less than 2 MB is refused, by the master too.</summary>
    private const int LeastPacket = 4 * 1024 * 1024;

    /// <summary>The master's server says why it sends no more, or cannot be reached.</summary>
    private const int DonorError = 3862;

    /// <summary>A backup of the master's is being made, or another slave has its data.</summary>
    private const string OneAtATime = "Too many concurrent clone operations";

    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LongestClone = TimeSpan.FromHours(24);

    /// <summary>By the login that reads.</summary>
    private readonly FailedCopies _failed = new();
    private readonly string _work = Path.Combine(host.VolumePath, "clone.tmp");
    private readonly SideServer _small = new(flavor, host, layout, "clone");

    public string Format => "clone";

    public bool NeedsReader => true;

    /// <summary>On a full volume the server was seen to start, and its plug-in not.</summary>
    public async Task<bool> CanOfferAsync(CancellationToken cancellationToken)
    {
        await using var session = await connections.OpenAsync(cancellationToken);
        return await IsActiveAsync(session, cancellationToken);
    }

    /// <summary>The server has the plug-in.</summary>
    public static async Task<bool> IsActiveAsync(Session session, CancellationToken cancellationToken) => await session.TextAsync(
        "SELECT PLUGIN_STATUS FROM information_schema.PLUGINS WHERE PLUGIN_NAME = 'clone'", cancellationToken) == "ACTIVE";

    public async Task<(string Href, string? Token)> OfferAsync(
        string snapshotId, OpenSnapshot snapshot, CancellationToken cancellationToken)
    {
        await using var session = await connections.OpenAsync(cancellationToken);
        if (await session.NumberAsync("SELECT @@GLOBAL.max_allowed_packet", cancellationToken) < LeastPacket)
        {
            // Until its next start; a user's session has its own.
            await session.ExecuteAsync($"SET GLOBAL max_allowed_packet = {LeastPacket}", cancellationToken);
        }

        return ($"clone://{host.Address}:{host.Port}", null);
    }

    public Task CloseAsync(string snapshotId, OpenSnapshot? snapshot, CancellationToken cancellationToken) =>
        snapshot?.Reader is { } reader ? users.DropAsync(reader.User, cancellationToken) : Task.CompletedTask;

    public async Task<string> LoadAsync(SnapshotDocument snapshot, IJobProgress progress, CancellationToken cancellationToken)
    {
        OwnedFolder.Renew(_work, host.UserId);
        certificates.Trust(snapshot.Master.Certificate);
        var (server, clone) = (Path.Combine(_work, "server"), Path.Combine(_work, "data"));
        await DataDirectory.MakeAsync(flavor, host, layout, server, cancellationToken);
        await _small.AroundAsync(
            server,
            ["--innodb-buffer-pool-size=32M", $"--max-allowed-packet={LeastPacket}"],
            session => Growth.WatchAsync(
                clone, progress, host.Time, () => CloneAsync(session, snapshot, clone, cancellationToken)),
            cancellationToken);

        OwnedFolder.Remove(layout.NewData);
        Directory.Move(clone, layout.NewData);
        OwnedFolder.Remove(_work);
        return "";
    }

    private async Task CloneAsync(Session session, SnapshotDocument snapshot, string folder, CancellationToken cancellationToken)
    {
        var reader = snapshot.Dataset.Reader ?? throw Faults.Unsupported("The snapshot names nobody who may read it.");
        var donor = $"{snapshot.Master.Host}:{snapshot.Master.Port}";
        try
        {
            await session.ExecuteAsync(
                $"SET GLOBAL clone_valid_donor_list = {Sql.Literal(donor)}, GLOBAL clone_ssl_ca = {Sql.Literal(layout.MasterCertificate)}",
                cancellationToken);
            var statement = $"CLONE INSTANCE FROM {Sql.Account(reader.Name, snapshot.Master.Host)}:{snapshot.Master.Port} "
                + $"IDENTIFIED BY {Sql.Literal(reader.Password)} DATA DIRECTORY = {Sql.Literal(folder)} REQUIRE SSL";
            while (!await TryCloneAsync(session, statement, cancellationToken))
            {
                // In its turn, for as long as the command goes.
                await Task.Delay(AskAgain, host.Time, cancellationToken);
            }

            _failed.Forget(reader.Name);
        }
        catch (DatastoreException e) when (e.InnerException is MySqlException own && WasBegun(own))
        {
            throw _failed.Note(reader.Name, $"The data could not be cloned from {donor}", own.Message);
        }
        catch (DatastoreException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw Faults.Transient($"The data could not be cloned from {donor}. {e.Message}", e);
        }
    }

    /// <returns>False: the master's server makes a copy for somebody else, and makes one at a time.</returns>
    private static async Task<bool> TryCloneAsync(Session session, string statement, CancellationToken cancellationToken)
    {
        try
        {
            await session.ExecuteAsync(statement, LongestClone, cancellationToken);
            return true;
        }
        catch (DatastoreException e) when (e.InnerException is MySqlException own
            && own.Message.Contains(OneAtATime, StringComparison.Ordinal))
        {
            return false;
        }
    }

    /// <summary>
    /// It was cut off in the middle, by the master's server or by the path: then it tried for minutes to go on, before it failed.
    /// </summary>
    private static bool WasBegun(MySqlException fault) =>
        fault.ErrorCode is MySqlErrorCode.NetReadError or MySqlErrorCode.NetReadInterrupted or MySqlErrorCode.NetErrorOnWrite
            or MySqlErrorCode.NetWriteInterrupted
        || (fault.Number == DonorError && !fault.Message.Contains("Connect failed", StringComparison.Ordinal));
}
