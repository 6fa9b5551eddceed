using Dbaas.Domain;
using Dbaas.Persistence.Dialects;
using Dbaas.Persistence.Migrations;
using Dbaas.Persistence.Secrets;

namespace Dbaas.Persistence.Tests.Support;

/// <summary>A migrated database for the tests of one class, which keep apart by ids of their own.</summary>
public abstract class ControlDatabase : IAsyncLifetime
{
    private readonly List<Database> programs = [];

    public IIdSource Ids { get; } = new RandomIdSource(TimeProvider.System);

    public SecretBox Secrets { get; } = new(new byte[32]);

    public IDialect Dialect { get; private set; } = null!;

    /// <summary>As one program sees it.</summary>
    public Database Database { get; private set; } = null!;

    /// <summary>As another program sees it.</summary>
    public Database Other { get; private set; } = null!;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A database without tables.</summary>
    public abstract Task<IDialect> NewEmptyAsync();

    public Database Open(IDialect dialect, int threads = 4, TimeSpan? patience = null)
    {
        var program = new Database(dialect, Secrets, threads, patience: patience);
        lock (programs)
        {
            programs.Add(program);
        }

        return program;
    }

    public virtual async ValueTask InitializeAsync()
    {
        Dialect = await NewEmptyAsync();
        Database = Open(Dialect);
        Other = Open(Dialect);
        await Migrator.MigrateAsync(Database, Ids, Token);
    }

    public virtual ValueTask DisposeAsync()
    {
        programs.ForEach(program => program.Dispose());
        Secrets.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    public Task<T> Write<T>(Func<IUnit, T> work) => Database.WriteAsync(work, Token);

    public Task Write(Action<IUnit> work) => Database.WriteAsync(work, Token);

    public Task<T> Read<T>(Func<IUnit, T> work) => Database.ReadAsync(work, Token);
}
