using Dbaas.Broker;
using Dbaas.Hosting.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.Hosting.Tests;

public sealed class BrokerSettingTests
{
    private const string Password = "Nobody-Says-This";

    [Theory]
    [InlineData("https://user:Nobody-Says-This@broker", null, "is no address of a broker")]
    [InlineData("user:Nobody-Says-This@broker", null, "is no address of a broker")]
    [InlineData("amqp://user:Nobody-Says-This@broker", "/etc/hostname", "Broker:CaFile in the configuration is for amqps")]
    public void What_cannot_be_used_is_refused_without_saying_the_password(string url, string? authority, string words)
    {
        var e = Assert.Throws<InvalidDataException>(() => Add(new BrokerSetting { Url = url, CaFile = authority }));

        Assert.Contains(words, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_and_options_say_no_password()
    {
        var setting = new BrokerSetting { Url = $"amqps://user:{Password}@broker/vhost" };

        using var services = Add(setting).BuildServiceProvider();

        Assert.DoesNotContain(Password, $"{setting} {services.GetRequiredService<BrokerOptions>()}", StringComparison.Ordinal);
        Assert.Equal("broker", services.GetRequiredService<BrokerOptions>().Url.Host);
    }

    [Fact]
    public void Without_an_address_there_is_no_broker() => Assert.Empty(Add(new BrokerSetting()));

    private static ServiceCollection Add(BrokerSetting setting)
    {
        var services = new ServiceCollection();
        services.AddBroker(new ServiceSettings { Broker = setting });
        return services;
    }
}
