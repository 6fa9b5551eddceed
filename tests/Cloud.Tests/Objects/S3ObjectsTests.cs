using System.Net;
using System.Net.Sockets;
using Dbaas.Cloud.Ports;
using Dbaas.Cloud.S3;

namespace Dbaas.Cloud.Tests.Objects;

public sealed class S3ObjectsTests
{
    [Fact]
    public async Task A_store_that_takes_a_call_and_never_answers_is_away()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var options = new S3Options
        {
            Endpoint = new Uri($"http://{silent.LocalEndpoint}"), Bucket = "b", AccessKey = "a", SecretKey = "s",
            CallTimeout = TimeSpan.FromSeconds(1),
        };
        using var store = new S3Objects(options, TimeProvider.System);

        var stop = TestContext.Current.CancellationToken;
        var fault = await Assert.ThrowsAsync<CloudException>(
            () => store.ListAsync("place", stop).WaitAsync(TimeSpan.FromMinutes(1), stop));

        Assert.True(fault.IsTransient);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_address_to_write_at_is_for_an_object_that_is_not_there_yet_where_the_store_knows_that(bool writeOnce)
    {
        var options = new S3Options
        {
            Endpoint = new Uri("https://s3.example.org"), Bucket = "b", AccessKey = "a", SecretKey = "s", WriteOnce = writeOnce,
        };
        using var store = new S3Objects(options, TimeProvider.System);

        var address = await store.AddressAsync(
            new StoredName("place", "name"), ObjectUse.Write, TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);

        // Signed: who leaves the header out is refused.
        Assert.StartsWith("https://s3.example.org/b/place/name?", address.Url, StringComparison.Ordinal);
        Assert.Equal(writeOnce, address.Url.Contains("SignedHeaders=host%3Bif-none-match", StringComparison.Ordinal));
        Assert.Equal(writeOnce ? ["*"] : [], address.Headers.Values);
    }
}
