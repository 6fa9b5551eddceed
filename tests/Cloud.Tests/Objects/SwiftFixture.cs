using Dbaas.Testing;

namespace Dbaas.Cloud.Tests.Objects;

/// <summary>One Swift for a class, and the Keystone that it asks.</summary>
public sealed class SwiftFixture : IAsyncLifetime
{
    public TestKeystone Keystone { get; private set; } = null!;

    public SwiftServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Keystone = await TestKeystone.StartAsync();
        Server = await SwiftServer.StartAsync(Keystone.Address);
    }

    public async ValueTask DisposeAsync()
    {
        if (Server is not null)
        {
            await Server.DisposeAsync();
        }

        await Keystone.DisposeAsync();
    }
}
