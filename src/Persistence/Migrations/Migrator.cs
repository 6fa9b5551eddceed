using System.Data.Common;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Dbaas.Domain;
using Dbaas.Persistence.Dialects;

namespace Dbaas.Persistence.Migrations;

/// <summary>
/// Brings the database to this build's form: the numbered scripts of this assembly, in order, each once.
/// </summary>
public static partial class Migrator
{
    /// <summary>Runs the scripts that are missing. Safe to run by several programs at once, and again after a crash.</summary>
    /// <exception cref="InvalidDataException">The database is of a newer version.</exception>
    public static async Task MigrateAsync(IDatabase database, IIdSource ids, CancellationToken cancellationToken)
    {
        await database.WriteAsync(
            unit => unit.Execute(
                "CREATE TABLE IF NOT EXISTS schema_versions (number INT NOT NULL PRIMARY KEY, statements INT NOT NULL) "
                    + $"{unit.Dialect.TableOptions}"),
            cancellationToken);

        await RefuseNewerAsync(database, cancellationToken);
        foreach (var (number, text) in Scripts())
        {
            var statements = text.Split(";\n", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            await database.WriteAsync(
                unit => unit.Execute(
                    $"INSERT INTO schema_versions (number, statements) VALUES (@number, 0) {unit.Dialect.UnlessExists("number")}",
                    new { number }),
                cancellationToken);
            for (var index = 0; index < statements.Length; index++)
            {
                await RunAsync(database, number, index, statements[index], cancellationToken);
            }
        }

        await database.WriteAsync(
            unit => unit.Execute(
                "INSERT INTO control_plane (id, deployment_id, generation, version) VALUES (1, @id, 1, 0) "
                    + $"{unit.Dialect.UnlessExists("id")}",
                new { id = ids.NewId() }),
            cancellationToken);
    }

    /// <summary>The number of this build's last script.</summary>
    public static int Newest { get; } = Scripts().Max(script => script.Number);

    /// <summary>The number of the last script that a database has had.</summary>
    public static int NewestOf(IUnit unit) => unit.First<int?>("SELECT MAX(number) FROM schema_versions") ?? 0;

    // What a newer program has made of the database, this one cannot know.
    private static async Task RefuseNewerAsync(IDatabase database, CancellationToken cancellationToken)
    {
        var there = await database.ReadAsync(NewestOf, cancellationToken);
        if (there > Newest)
        {
            throw new InvalidDataException(
                $"The control database has form {there}, of a newer version of this program, which knows the forms up to {Newest}.");
        }
    }

    // MariaDB and MySQL commit each CREATE and ALTER by itself, so progress is kept statement by statement, and a statement that had
    // already run when the program died does nothing the second time.
    private static Task RunAsync(IDatabase database, int number, int index, string statement, CancellationToken cancellationToken) =>
        database.WriteAsync(
            unit =>
            {
                if (unit.First<int>("SELECT statements FROM schema_versions WHERE number = @number", new { number }) > index)
                {
                    return;
                }

                try
                {
                    unit.Execute(InDialect(statement, unit.Dialect));
                }
                catch (DbException e) when (unit.Dialect.IsAlreadyThere(e))
                {
                    // Only its record is missing.
                }

                unit.Execute(
                    "UPDATE schema_versions SET statements = @next WHERE number = @number AND statements = @index",
                    new { number, index, next = index + 1 });
            },
            cancellationToken);

    private static string InDialect(string statement, IDialect dialect) =>
        UnlessExists().Replace(statement, match => dialect.UnlessExists(match.Groups[1].Value))
            .Replace("{options}", dialect.TableOptions, StringComparison.Ordinal)
            .Replace("CREATE TABLE ", "CREATE TABLE IF NOT EXISTS ", StringComparison.Ordinal);

    [GeneratedRegex(@"\{unless (\w+) exists\}")]
    private static partial Regex UnlessExists();

    private static IEnumerable<(int Number, string Text)> Scripts()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal)).Order())
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            var file = Path.GetFileNameWithoutExtension(name);
            yield return (int.Parse(file.Split('-')[0], CultureInfo.InvariantCulture), reader.ReadToEnd());
        }
    }
}
