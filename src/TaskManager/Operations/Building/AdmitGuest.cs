using System.Security.Cryptography;
using System.Text;
using Dbaas.Domain;
using Dbaas.Persistence.Rows;
using Dbaas.TaskManager.Engine;

namespace Dbaas.TaskManager.Operations.Building;

/// <summary>Opens the window for one enrolment. The secret is saved with this step, before any server gets it.</summary>
internal sealed class AdmitGuest(IIdSource ids) : Step<BuildState>
{
    private const int SecretLength = 48;

    public override string Name => "admit guest";

    public static string Hash(string secret) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    public override async Task<StepOutcome<BuildState>> EnsureAsync(
        StepContext context, BuildState state, CancellationToken cancellationToken)
    {
        var secret = ids.NewSecret(SecretLength);
        await context.WriteAsync(
            unit => GuestRows.AllowEnrolment(unit, context.Operation.InstanceId, Hash(secret)), cancellationToken);
        return Done(state with { EnrolmentSecret = secret });
    }

    public override async Task<UndoOutcome> UndoAsync(StepContext context, BuildState state, CancellationToken cancellationToken)
    {
        await context.WriteAsync(unit => GuestRows.Revoke(unit, context.Operation.InstanceId), cancellationToken);
        return new UndoOutcome.Done();
    }
}
