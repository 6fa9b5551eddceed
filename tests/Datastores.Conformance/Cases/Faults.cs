using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol;
using Xunit;

namespace Dbaas.Datastores.Conformance.Cases;

/// <summary>What the contract says about failing.</summary>
public static class Faults
{
    /// <summary>Sees that a call fails as the contract says.</summary>
    public static async Task<DatastoreException> IsAsync(FaultKind kind, Func<Task> call)
    {
        var fault = await Assert.ThrowsAsync<DatastoreException>(call);
        Assert.True(kind == fault.Kind, $"Expected {kind}, but it was {fault.Kind}: {fault.Message}");
        return fault;
    }
}
