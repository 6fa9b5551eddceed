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
            await client.ExecuteAsync(fixture.InsertRow(number));
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
        return await client.ReadAsync(fixture.ReadRows);
    }

    /// <summary>Waits until a row is there, while the agent looks at its server as it does.</summary>
    public static Task ArrivesAsync(this DatastoreFixture fixture, TestInstance instance, int number) => Eventually.SeeAsync(
        $"row {number} on the slave",
        Patience,
        async () =>
        {
            await instance.ReportAsync();
            return await fixture.ReadAsync(instance);
        },
        rows => rows.Contains(number));

    /// <summary>Sees that a statement is refused.</summary>
    public static async Task IsRefusedAsync(
        this DatastoreFixture fixture, TestInstance instance, string user, string password, string statement)
    {
        await using var client = await fixture.ConnectAsync(instance, user, password);
        var refusal = await Assert.ThrowsAnyAsync<Exception>(() => client.ExecuteAsync(statement));
        Assert.True(
            fixture.Refusals.Any(word => refusal.Message.Contains(word, StringComparison.OrdinalIgnoreCase)),
            $"{user}: {statement} failed, and not for want of rights: {refusal.Message}");
    }
}
