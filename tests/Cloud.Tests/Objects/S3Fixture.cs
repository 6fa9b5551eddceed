using Dbaas.Testing;

namespace Dbaas.Cloud.Tests.Objects;

/// <summary>One Swift that speaks S3 for a class.</summary>
public sealed class S3Fixture : IAsyncLifetime
{
    public SwiftServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await SwiftServer.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
