using Dbaas.Domain;
using Dbaas.Domain.Operations;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Signals;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Instances;

/// <summary>
/// What Trove calls resetting a status: the operation under way is given up, and undoes itself. Nothing to do when there is none.
/// </summary>
internal sealed class OperationGiveUp(IDatabase database, ControlSignals signals, IIdSource ids)
{
    public async Task<Answer> ActAsync(ApiRequest request, InstanceFacts facts)
    {
        if (facts.Operation is not { Kind: not OperationKinds.DeleteInstance } operation)
        {
            return Answer.Accepted;
        }

        var by = ids.NewId();
        await database.WriteAsync(unit => OperationRows.Supersede(unit, operation.Id, by), request.Cancelled);
        signals.OperationIsDue();
        return Answer.Accepted;
    }
}
