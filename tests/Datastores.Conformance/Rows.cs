using Dbaas.Testing;
using Xunit;

namespace Dbaas.Datastores.Conformance;

/// <summary>The rows by which tests see whether data arrived.</summary>
public static class Rows
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Writes rows as the ordinary user.</summary>
    public static async Task InsertAsync(this DatastoreFixture fixture, TestInstance instance, params int[] numbers)
    {
        await using var client = await fixture.ConnectAsync(instance, DatastoreFixture.App.Name, DatastoreFixture.App.Password);
        foreach (var number in numbers)
        {
            await client.ExecuteAsync($"INSERT INTO rows_of_test VALUES ({number})");
        }
    }

    /// <summary>Says something as the ordinary user.</summary>
    public static async Task ExecuteAsync(this DatastoreFixture fixture, TestInstance instance, string statement)
    {
        await using var client = await fixture.ConnectAsync(instance, DatastoreFixture.App.Name, DatastoreFixture.App.Password);
        await client.ExecuteAsync(statement);
    }

    /// <summary>Reads them all.</summary>
    public static async Task<IReadOnlyList<int>> ReadAsync(this DatastoreFixture fixture, TestInstance instance)
    {
        await using var client = await fixture.ConnectAsync(instance, DatastoreFixture.App.Name, DatastoreFixture.App.Password);
        return await client.ReadAsync("SELECT n FROM rows_of_test ORDER BY n");
    }

    /// <summary>Waits until a row is there.</summary>
    public static Task ArrivesAsync(this DatastoreFixture fixture, TestInstance instance, int number) =>
        Eventually.SeeAsync($"row {number} on the slave", Patience, () => fixture.ReadAsync(instance), rows => rows.Contains(number));

    /// <summary>Sees that a statement is refused.</summary>
    public static async Task IsRefusedAsync(this DatastoreFixture fixture, TestInstance instance, string user, string password, string statement)
    {
        await using var client = await fixture.ConnectAsync(instance, user, password);
        await Assert.ThrowsAnyAsync<Exception>(() => client.ExecuteAsync(statement));
    }
}
