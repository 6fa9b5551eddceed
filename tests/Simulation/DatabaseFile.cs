using Dapper;
using Dbaas.Domain.Catalog;
using Dbaas.Persistence;
using Dbaas.Persistence.Dialects;
using Dbaas.Persistence.Migrations;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Secrets;
using Dbaas.Simulation.Checks;

namespace Dbaas.Simulation;

/// <summary>A real SQLite file for each world: a copy of one that was migrated and filled once.</summary>
internal sealed class DatabaseFile : IDisposable
{
    private static readonly byte[] Key = new byte[32];
    private static readonly Lazy<Task<byte[]>> Template = new(MakeTemplateAsync);
    private readonly DirectoryInfo folder;
    private readonly Database database;

    // Dapper makes code for each statement and connection string; all of these files are alike to it.
    static DatabaseFile() => SqlMapper.ConnectionStringComparer = EqualityComparer<string>.Create((_, _) => true, _ => 0);

    private DatabaseFile(DirectoryInfo folder, TimeProvider time, bool checksUnits)
    {
        this.folder = folder;
        database = Open(folder, time, notifies: checksUnits);
        Database = checksUnits ? new CheckedDatabase(database) : database;
    }

    public IDatabase Database { get; }

    /// <summary>What there is to choose from.</summary>
    public static void Fill(IUnit unit, SequentialIds ids)
    {
        var version = new DatastoreVersion
        {
            Id = ControlApi.VersionId, DatastoreName = "mariadb", Name = "10.11", Number = "10.11", Port = 3306, Active = true,
        };
        CatalogRows.EnsureVersion(unit, version, ids.NewId(), isDefault: true);
        CatalogRows.Replace(
            unit,
            [
                new Flavor { Id = "1", Name = "small", MemoryMb = 512, Vcpus = 1 },
                new Flavor { Id = "2", Name = "large", MemoryMb = 1024, Vcpus = 1 },
            ],
            ["here"],
            []);
    }

    /// <param name="time">The database's clock.</param>
    /// <param name="checksUnits">Units of a wrong form are refused.</param>
    public static async Task<DatabaseFile> CreateAsync(TimeProvider time, bool checksUnits) =>
        await CreateAsync(await Template.Value, time, checksUnits);

    public async Task<DatabaseFile> CopyAsync(TimeProvider time)
    {
        // What is in the log is written into the file itself, which can then be read.
        await Database.ReadAsync(unit => unit.First<long>("PRAGMA wal_checkpoint(TRUNCATE)"), CancellationToken.None);
        return await CreateAsync(await ReadAsync(folder), time, Database is CheckedDatabase);
    }

    private static async Task<DatabaseFile> CreateAsync(byte[] template, TimeProvider time, bool checksUnits)
    {
        var folder = NewFolder();
        await File.WriteAllBytesAsync(PathIn(folder), template);
        return new DatabaseFile(folder, time, checksUnits);
    }

    public void Dispose()
    {
        database.Dispose();
        folder.Delete(recursive: true);
    }

    private static async Task<byte[]> MakeTemplateAsync()
    {
        var (folder, clock, ids) = (NewFolder(), new VirtualClock(), new SequentialIds());
        using (var database = Open(folder, clock))
        {
            await Migrator.MigrateAsync(database, ids, CancellationToken.None);
            await database.WriteAsync(unit => Fill(unit, ids), CancellationToken.None);
        }

        var bytes = await ReadAsync(folder);
        folder.Delete(recursive: true);
        return bytes;
    }

    private static Database Open(DirectoryInfo folder, TimeProvider time, bool notifies = false) =>
        new(new SqliteDialect(PathIn(folder), time), new SecretBox(Key), threadCount: 1, notifies);

    private static async Task<byte[]> ReadAsync(DirectoryInfo folder)
    {
        await using var file = new FileStream(PathIn(folder), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        await file.ReadExactlyAsync(bytes);
        return bytes;
    }

    private static string PathIn(DirectoryInfo folder) => Path.Combine(folder.FullName, "control.db");

    // In memory where the system has such a place: what is tested is what a unit does, not how long a disk takes for it.
    private static DirectoryInfo NewFolder() => Directory.Exists("/dev/shm")
        ? Directory.CreateDirectory(Path.Combine("/dev/shm", "dbaas-simulation-" + Path.GetRandomFileName()))
        : Directory.CreateTempSubdirectory("dbaas-simulation-");
}
