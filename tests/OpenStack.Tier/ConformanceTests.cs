using Dbaas.Cloud.Conformance;

namespace Dbaas.OpenStack.Tier;

public sealed class ConformanceTests : PlaneConformance
{
    protected override async Task<IPlaneUnderTest> OpenAsync() => await LabPlane.OpenAsync();
}
