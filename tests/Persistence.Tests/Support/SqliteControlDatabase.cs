using Dbaas.Persistence.Dialects;

namespace Dbaas.Persistence.Tests.Support;

public sealed class SqliteControlDatabase : ControlDatabase
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dbaas-sqlite-");
    private int count;

    public string Path => System.IO.Path.Combine(folder.FullName, "1.db");

    public override Task<IDialect> NewEmptyAsync() => Task.FromResult<IDialect>(
        new SqliteDialect(System.IO.Path.Combine(folder.FullName, $"{Interlocked.Increment(ref count)}.db"), TimeProvider.System));

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
