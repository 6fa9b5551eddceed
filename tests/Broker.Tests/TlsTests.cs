using Dbaas.Domain.Notices;
using Dbaas.Testing;
using Dbaas.Testing.RabbitMq;

namespace Dbaas.Broker.Tests;

/// <summary>A broker that speaks TLS, and whose certificate has to be of one authority.</summary>
public sealed class TlsTests
{
    private static readonly Notification Told = new("id", "dbaas.test", 1, null, "red", new Dictionary<string, object?>());

    [Fact]
    public async Task Of_the_pinned_authority_it_is_trusted_and_of_another_or_of_none_it_is_not()
    {
        await using var broker = await RabbitMqServer.StartAsync(tls: true);
        await using var other = await RabbitMqServer.StartAsync(tls: true);
        await using var right = await Node.StartAsync(Options(broker, broker.AuthorityFile));
        await using var wrong = await Node.StartAsync(Options(broker, other.AuthorityFile));
        await using var none = await Node.StartAsync(Options(broker, null));
        await using var otherName = await Node.StartAsync(Options(broker, broker.AuthorityFile) with
        {
            Url = new Uri(broker.Url.Replace("localhost", "127.0.0.1", StringComparison.Ordinal)),
        });

        await right.Get<INotifier>().TellAsync(Told, TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync("the right one is connected", TimeSpan.FromMinutes(1), () => right.IsOpen);

        foreach (var refused in new[] { wrong, none, otherName })
        {
            var e = await Assert.ThrowsAsync<IOException>(
                () => refused.Get<INotifier>().TellAsync(Told, TestContext.Current.CancellationToken));
            Assert.DoesNotContain(broker.Password, e.ToString(), StringComparison.Ordinal);
            Assert.False(refused.IsOpen);
        }
    }

    private static BrokerOptions Options(RabbitMqServer broker, string? authority) => new()
    {
        Url = new Uri(broker.Url), NodeName = "n", Authority = authority is null ? null : File.ReadAllText(authority),
    };
}
