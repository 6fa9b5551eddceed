using System.Text.RegularExpressions;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.Datastores.MySql.Accounts;

/// <summary>Making databases: all or none.</summary>
internal static partial class DatabaseStatements
{
    public static async Task CreateAsync(Session session, IReadOnlyList<DatabaseSpec> databases, CancellationToken cancellationToken)
    {
        var made = new List<string>();
        try
        {
            foreach (var database in databases)
            {
                await session.ExecuteAsync(Statement(database), cancellationToken);
                made.Add(database.Name);
            }
        }
        catch
        {
            foreach (var name in made)
            {
                // On its own clock: a caller that went away must not leave half of it.
                await session.ExecuteAsync($"DROP DATABASE IF EXISTS {Sql.Identifier(name)}", CancellationToken.None);
            }

            throw;
        }
    }

    private static string Statement(DatabaseSpec database)
    {
        var statement = $"CREATE DATABASE {Sql.Identifier(database.Name)}";
        if (database.CharacterSet is { Length: > 0 } set)
        {
            statement += $" CHARACTER SET {Word(set)}";
        }

        return database.Collate is { Length: > 0 } collation ? $"{statement} COLLATE {Word(collation)}" : statement;
    }

    private static string Word(string name) => CharacterSetName().IsMatch(name)
        ? name
        : throw Faults.Precondition("That is not the name of a character set or collation.");

    [GeneratedRegex(@"^[A-Za-z0-9_]{1,64}\z")]
    private static partial Regex CharacterSetName();
}
