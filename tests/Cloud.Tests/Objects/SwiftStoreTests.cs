using Dbaas.Cloud.Conformance;
using Dbaas.Cloud.OpenStack.Swift;
using Dbaas.Cloud.Ports;
using Dbaas.Keystone;
using Dbaas.Testing;

namespace Dbaas.Cloud.Tests.Objects;

/// <summary>A container of a Swift that takes a Keystone's tokens.</summary>
public sealed class SwiftStoreTests(SwiftFixture swift) : StoreConformance, IClassFixture<SwiftFixture>
{
    private const string Key = "a-key-of-addresses";

    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_store_that_refuses_us_or_is_away_says_so_without_our_secrets()
    {
        using var stranger = new SwiftObjects(Options("c", swift.Keystone.Account("a-wrong-secret")), TimeProvider.System);
        using var nowhere = new SwiftObjects(
            Options("c", swift.Keystone.Account(), new Uri($"http://127.0.0.1:{FreePort.Find()}")), TimeProvider.System);

        var (refused, away) = (await FaultAsync(stranger), await FaultAsync(nowhere));

        Assert.Equal("The cloud does not accept this service's credentials.", refused.Message);
        Assert.DoesNotContain("a-wrong-secret", $"{refused} {refused.Details}", StringComparison.Ordinal);
        Assert.True(away.IsTransient, $"{away}");
        Assert.DoesNotContain(Key, $"{away} {away.Details}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Addresses_of_two_processes_are_good_at_once_and_a_new_key_takes_the_place_of_the_old_one()
    {
        var name = new StoredName("place", "part");
        var container = $"c-{Guid.CreateVersion7():N}";
        using var one = new SwiftObjects(Options(container, swift.Keystone.Account()), TimeProvider.System);
        using var two = new SwiftObjects(Options(container, swift.Keystone.Account()), TimeProvider.System);
        using var later = new SwiftObjects(Options(container, swift.Keystone.Account(), key: "another-key"), TimeProvider.System);
        await one.WriteAsync(name, new byte[] { 1 }, None);

        Assert.Equal((200, 200), (await ReadAsync(one), await ReadAsync(two)));

        Assert.Equal((200, 401), (await ReadAsync(later), await ReadAsync(one)));

        async Task<int> ReadAsync(SwiftObjects store) => (await OverTheNetwork.UseAsync(
            HttpMethod.Get, await store.AddressAsync(name, ObjectUse.Read, TimeSpan.FromMinutes(1), None), null)).Status;
    }

    protected override Task<IStoreUnderTest> OpenAsync() =>
        Task.FromResult<IStoreUnderTest>(new Store(Options($"c-{Guid.CreateVersion7():N}", swift.Keystone.Account())));

    private static Task<CloudException> FaultAsync(SwiftObjects store) => Assert.ThrowsAsync<CloudException>(
        () => store.WriteAsync(new StoredName("place", "name"), new byte[1], None));

    private SwiftOptions Options(string container, KeystoneAccount account, Uri? address = null, string key = Key) => new()
    {
        Account = account,
        Container = container,
        AddressKey = key,
        Endpoints = new Dictionary<string, Uri>
        {
            ["object-store"] = new(address ?? swift.Server.Address, $"v1/AUTH_{TestKeystone.ProjectId}"),
        },
    };

    private sealed class Store(SwiftOptions options) : IStoreUnderTest
    {
        private readonly SwiftObjects store = new(options, TimeProvider.System);

        IObjects IStoreUnderTest.Store => store;

        public bool WritesOnce => true;

        public Task<StoreAnswer> UseAsync(HttpMethod method, ObjectAddress address, byte[]? content) =>
            OverTheNetwork.UseAsync(method, address, content);

        public ValueTask DisposeAsync()
        {
            store.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
