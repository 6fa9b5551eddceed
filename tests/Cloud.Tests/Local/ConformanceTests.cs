using Dbaas.Cloud.Conformance;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Tests.Local;

/// <summary>The local plane as root.</summary>
public sealed class IsolatedConformanceTests : PlaneConformance
{
    protected override Task<IPlaneUnderTest> OpenAsync() => Task.FromResult<IPlaneUnderTest>(new LocalPlaneUnderTest(isolated: true));
}

/// <summary>The local plane without root.</summary>
public sealed class PlainConformanceTests : PlaneConformance
{
    protected override Task<IPlaneUnderTest> OpenAsync() => Task.FromResult<IPlaneUnderTest>(new LocalPlaneUnderTest(isolated: false));
}

internal sealed class LocalPlaneUnderTest(bool isolated) : IPlaneUnderTest
{
    private readonly PlaneFixture _fixture = new(isolated);

    public ICompute Compute => _fixture.Plane.Compute;

    public IVolumes Volumes => _fixture.Plane.Volumes;

    public INetworks Networks => _fixture.Plane.Networks;

    public string Flavor => "7";

    public string OtherFlavor => "2";

    public void RestartService() => _fixture.RestartService();

    public Task<IReadOnlyList<string>> TracesAsync() => _fixture.TracesAsync();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();
}
