using Dbaas.Domain.Backups;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Signals;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Backups;

/// <summary>
/// <c>POST /backups/{id}/action</c> with <c>verify</c>, and what was found. Trove verifies nothing. A request only says that the backup
/// waits: it begins when its turn comes.
/// </summary>
internal sealed class VerifyEndpoint(IDatabase database, TroveApiOptions options, ControlSignals signals, TimeProvider time)
{
    public async Task<Answer> ActAsync(ApiRequest request)
    {
        (await request.BodyAsync()).Only("verify")["verify"].Only();
        CheckOffered(options);
        var id = request.Id("id");
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        Check(await FindAsync(request, id));
        if (!await database.WriteAsync(unit => VerificationRows.TryRequest(unit, id, now), request.Cancelled))
        {
            // It has changed since; or it is being verified already, which is as good.
            Check(await FindAsync(request, id));
        }

        signals.OperationIsDue();
        return BackupView.One(
            await database.ReadAsync(unit => BackupReader.Load(unit, [BackupReader.Find(unit, request, id)])[0], request.Cancelled),
            status: 202);
    }

    public async Task<Answer> ShowAsync(ApiRequest request)
    {
        var id = request.Id("id");
        var (backup, details) = await database.ReadAsync(
            unit => (BackupReader.Find(unit, request, id), VerificationRows.Details(unit, id)), request.Cancelled);
        return VerificationView.One(backup, details);
    }

    /// <exception cref="FaultException">The operator does not offer it.</exception>
    public static void CheckOffered(TroveApiOptions options)
    {
        if (!options.OffersVerification)
        {
            throw FaultException.Unprocessable("The operator of this service does not offer the verification of backups.");
        }
    }

    private Task<Backup> FindAsync(ApiRequest request, string id) =>
        database.ReadAsync(unit => BackupReader.Find(unit, request, id), request.Cancelled);

    private static void Check(Backup backup)
    {
        if (backup.State != BackupState.Completed)
        {
            throw FaultException.Unprocessable(
                $"Backup {backup.Id} cannot be verified because it is not completed. "
                    + $"Actual state: {backup.State.ToString().ToUpperInvariant()}.");
        }

        if (backup.OwnKey)
        {
            throw FaultException.Unprocessable($"Backup {backup.Id} cannot be verified. {Verifier.WhyNotWithOwnKey}");
        }

        if (backup.LockOwner is not null)
        {
            throw FaultException.Unprocessable($"Backup {backup.Id} cannot be verified because it is being deleted.");
        }
    }
}
