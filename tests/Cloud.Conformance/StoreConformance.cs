using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dbaas.Cloud.Ports;
using Dbaas.Testing;
using Xunit;

namespace Dbaas.Cloud.Conformance;

/// <summary>What every store of objects does.</summary>
public abstract class StoreConformance : IAsyncLifetime
{
    private const int MoreThanAPage = 1010;
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly string place = Guid.CreateVersion7().ToString();
    private IStoreUnderTest one = null!;

    /// <summary>Opens it.</summary>
    protected abstract Task<IStoreUnderTest> OpenAsync();

    /// <inheritdoc />
    public async ValueTask InitializeAsync() => one = await OpenAsync();

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (one is not null)
        {
            await one.DisposeAsync();
        }
    }

    [Fact]
    public async Task What_an_agent_writes_is_there_for_it_and_for_us()
    {
        var content = RandomNumberGenerator.GetBytes(5 << 20);

        await WriteAsync("part-1", content);

        Assert.Equal(content, await one.Store.ReadAsync(Name("part-1"), content.Length, None));
        var read = await one.UseAsync(HttpMethod.Get, await AddressAsync("part-1", ObjectUse.Read));
        Assert.Equal(200, read.Status);
        Assert.Equal(content, read.Content);
        Assert.Equal(content.Length, await one.Store.SizeAsync(Name("part-1"), None));
        Assert.Equal([new StoredObject(Name("part-1"), content.Length)], await one.Store.ListAsync(place, None));
    }

    [Fact]
    public async Task An_agent_writes_an_object_once_if_the_store_can_tell()
    {
        await WriteAsync("part", Bytes("first"));

        var again = await TryWriteAsync("part", Bytes("second"));

        Assert.True(one.WritesOnce ? again.Status == 412 : IsDone(again), Said(again));
        Assert.Equal(one.WritesOnce ? "first" : "second", await ReadAsync("part"));
    }

    [Fact]
    public async Task An_address_does_one_thing_with_one_object()
    {
        await WriteAsync("there", Bytes("there"));
        var (toWrite, toRead) = (await AddressAsync("new", ObjectUse.Write), await AddressAsync("there", ObjectUse.Read));
        var deep = $"{place}/";

        var refused = new[]
        {
            await one.UseAsync(HttpMethod.Get, await AddressAsync("there", ObjectUse.Write)),
            await one.UseAsync(HttpMethod.Put, toRead, Bytes("other")),
            await one.UseAsync(HttpMethod.Put, Renamed(toWrite, deep + "new", deep + "other"), Bytes("other")),
            await one.UseAsync(HttpMethod.Get, Renamed(toRead, deep + "there", deep + "other")),
            await one.UseAsync(HttpMethod.Get, Bare(toRead)),
            await one.UseAsync(HttpMethod.Put, Bare(toWrite), Bytes("other")),
        };

        Assert.All(refused, answer => Assert.InRange(answer.Status, 400, 403));
        Assert.Equal("there", await ReadAsync("there"));
        Assert.Single(await one.Store.ListAsync(place, None));
    }

    [Fact]
    public async Task An_address_runs_out()
    {
        await WriteAsync("part", Bytes("content"));
        var address = await one.Store.AddressAsync(Name("part"), ObjectUse.Read, TimeSpan.FromSeconds(2), None);

        var answer = await Eventually.SeeAsync(
            "the address has run out", Patience, () => one.UseAsync(HttpMethod.Get, address), answer => answer.Status != 200);

        Assert.InRange(answer.Status, 401, 403);
    }

    [Fact]
    public async Task What_we_write_takes_the_place_of_what_was_there()
    {
        await one.Store.WriteAsync(Name("manifest.json"), Bytes("one"), None);
        await one.Store.WriteAsync(Name("manifest.json"), Bytes("another"), None);

        Assert.Equal("another", await ReadAsync("manifest.json"));
    }

    [Fact]
    public async Task Nothing_is_read_that_is_not_there_or_is_larger_than_allowed()
    {
        await one.Store.WriteAsync(Name("large"), Bytes("12345"), None);

        Assert.Null(await one.Store.ReadAsync(Name("missing"), 4, None));
        Assert.Null(await one.Store.SizeAsync(Name("missing"), None));
        Assert.Equal(404, (await one.UseAsync(HttpMethod.Get, await AddressAsync("missing", ObjectUse.Read))).Status);
        var fault = await Assert.ThrowsAsync<CloudException>(() => one.Store.ReadAsync(Name("large"), 4, None));
        Assert.False(fault.IsTransient);
        Assert.Equal("12345", await ReadAsync("large"));
    }

    [Fact]
    public async Task A_place_is_listed_whole_in_order_and_without_its_neighbours()
    {
        var names = Enumerable.Range(0, MoreThanAPage).Select(number => number.ToString("00000000", CultureInfo.InvariantCulture)).ToList();
        await Parallel.ForEachAsync(
            names,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (name, token) => await one.Store.WriteAsync(Name(name), Bytes("1"), token));
        await one.Store.WriteAsync(new StoredName(place + "-2", "part"), Bytes("1"), None);

        var listed = await one.Store.ListAsync(place, None);

        Assert.Equal(names, listed.Select(found => found.Name.Name));
        Assert.All(listed, found => Assert.Equal((place, 1), (found.Name.Place, found.Bytes)));
    }

    [Fact]
    public async Task What_is_deleted_is_gone_and_may_be_deleted_again()
    {
        await WriteAsync("part", Bytes("content"));
        await one.Store.DeleteAsync(Name("part"), None);
        await one.Store.DeleteAsync(Name("part"), None);
        await one.Store.DeleteAsync(new StoredName("never", "there"), None);

        Assert.Null(await one.Store.ReadAsync(Name("part"), 100, None));
        Assert.Empty(await one.Store.ListAsync(place, None));
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static ObjectAddress Renamed(ObjectAddress address, string from, string to)
    {
        Assert.Contains(from, address.Url, StringComparison.Ordinal);
        return address with { Url = address.Url.Replace(from, to, StringComparison.Ordinal) };
    }

    private static ObjectAddress Bare(ObjectAddress address) => new(address.Url.Split('?')[0], new Dictionary<string, string>());

    private StoredName Name(string name) => new(place, name);

    private Task<ObjectAddress> AddressAsync(string name, ObjectUse use) => one.Store.AddressAsync(Name(name), use, Long, None);

    private static bool IsDone(StoreAnswer answer) => answer.Status is >= 200 and <= 204;

    private static string Said(StoreAnswer answer) => $"{answer.Status}: {Encoding.UTF8.GetString(answer.Content)}";

    private async Task WriteAsync(string name, byte[] content)
    {
        var answer = await TryWriteAsync(name, content);
        Assert.True(IsDone(answer), Said(answer));
    }

    private async Task<StoreAnswer> TryWriteAsync(string name, byte[] content) =>
        await one.UseAsync(HttpMethod.Put, await AddressAsync(name, ObjectUse.Write), content);

    private async Task<string?> ReadAsync(string name) =>
        await one.Store.ReadAsync(Name(name), 1000, None) is { } content ? Encoding.UTF8.GetString(content) : null;
}
