using Xunit;

namespace Dbaas.Datastores.Conformance;

/// <summary>
/// Tests of an engine: the servers that one of them started end with it, so that a class runs a handful at a time and not all of them.
/// </summary>
public abstract class EngineCases(DatastoreFixture fixture) : IAsyncLifetime
{
    /// <inheritdoc />
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await fixture.StopServersOfTestAsync();
    }
}
