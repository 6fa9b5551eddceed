using Dbaas.Persistence;

namespace Dbaas.Monitoring.Tests;

/// <summary>Nobody asks it.</summary>
internal sealed class NoDatabase : IDatabase
{
    public Task<T> ReadAsync<T>(Func<IUnit, T> work, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<T> WriteAsync<T>(Func<IUnit, T> work, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IDatabase In(DatabaseLane lane) => this;
}
