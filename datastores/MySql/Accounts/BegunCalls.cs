using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Files;
using Dbaas.Datastores.MySql.Server;
using Dbaas.GuestProtocol;

namespace Dbaas.Datastores.MySql.Accounts;

/// <summary>
/// Which call was begun, on the disk: one that was cut off is finished by its repetition, which would otherwise be refused because of its
/// own first half ("exists already", "there is none").
/// </summary>
internal sealed class BegunCalls(ServerLayout layout)
{
    private readonly RecordFile<BegunCall> _record = new(layout.AccountsFile, FamilyJson.Default.BegunCall);

    /// <summary>Checks a call that is new, and does it.</summary>
    /// <param name="callId">The same for its repetition.</param>
    /// <param name="check">Refuses; nothing was changed.</param>
    /// <param name="act">Does it; true: it was begun before, so some of it may be done, or all.</param>
    public async Task RunAsync(string callId, Func<Task> check, Func<bool, Task> act)
    {
        var call = new BegunCall(callId);
        var begun = _record.Read() == call;
        if (!begun)
        {
            await check();
            _record.Write(call);
        }

        try
        {
            await act(begun);
        }
        catch (DatastoreException e) when (e.Kind is not FaultKind.Transient)
        {
            // It was undone.
            _record.Remove();
            throw;
        }
    }
}
