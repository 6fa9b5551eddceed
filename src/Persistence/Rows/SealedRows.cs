using System.Security.Cryptography;

namespace Dbaas.Persistence.Rows;

/// <summary>All that is encrypted in the database, brought under the present key.</summary>
public static class SealedRows
{
    private const int AtOnce = 100;

    /// <summary>The columns; each value is bound to its row's id.</summary>
    public static IReadOnlyList<SealedColumn> Columns { get; } =
    [
        new("backups", "identity"), new("archived_logs", "identity"), new("guest_logs", "secret"),
        new("operations", "goal"), new("operations", "state"),
        new("guest_commands", "body"), new("guest_commands", "reply"), new("control_secrets", "value"),
    ];

    /// <summary>Brings all values of a column under the present key. May be repeated, and run by several at once.</summary>
    /// <returns>How many were brought, and how many no known key opens.</returns>
    public static async Task<(int Rewrapped, int Unreadable)> RewrapAsync(
        IDatabase database, SealedColumn column, CancellationToken cancellationToken)
    {
        var (rewrapped, unreadable, after) = (0, 0, "");
        while (true)
        {
            var page = await database.ReadAsync(
                unit => unit.Query<SealedValue>(
                    $"""
                    SELECT id, {column.Name} AS value FROM {column.Table} WHERE id > @after AND {column.Name} IS NOT NULL
                    ORDER BY id LIMIT {AtOnce}
                    """,
                    new { after }),
                cancellationToken);
            if (page.Count == 0)
            {
                return (rewrapped, unreadable);
            }

            after = page[^1].Id;
            foreach (var one in page)
            {
                try
                {
                    rewrapped += await TryRewrapAsync(database, column, one, cancellationToken) ? 1 : 0;
                }
                catch (CryptographicException)
                {
                    unreadable++;
                }
            }
        }
    }

    // Whoever wrote it meanwhile has sealed it anew.
    private static Task<bool> TryRewrapAsync(
        IDatabase database, SealedColumn column, SealedValue one, CancellationToken cancellationToken) =>
        database.WriteAsync(
            unit => unit.Secrets.Rewrap(one.Value, one.Id) is { } value && unit.Execute(
                $"UPDATE {column.Table} SET {column.Name} = @value WHERE id = @Id AND {column.Name} = @old",
                new { value, one.Id, old = one.Value }) == 1,
            cancellationToken);

    private sealed record SealedValue
    {
        public string Id { get; init; } = "";

        public string Value { get; init; } = "";
    }
}

/// <summary>A column whose values are encrypted.</summary>
/// <param name="Table">Its table, whose key is <c>id</c>.</param>
/// <param name="Name">Its name.</param>
public sealed record SealedColumn(string Table, string Name);
