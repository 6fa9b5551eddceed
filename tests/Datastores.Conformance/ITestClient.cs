namespace Dbaas.Datastores.Conformance;

/// <summary>An ordinary client's connection, in the default database of the tests.</summary>
public interface ITestClient : IAsyncDisposable
{
    /// <summary>Runs a statement; throws what the driver throws.</summary>
    Task ExecuteAsync(string statement);

    /// <summary>The numbers in the first column.</summary>
    Task<IReadOnlyList<int>> ReadAsync(string query);
}
