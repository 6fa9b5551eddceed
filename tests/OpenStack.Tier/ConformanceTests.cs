using Dbaas.Cloud.Conformance;

namespace Dbaas.OpenStack.Tier;

[Trait("part", "lifecycle")]
public sealed class ConformanceTests : PlaneConformance
{
    protected override async Task<IPlaneUnderTest> OpenAsync() => await LabPlane.OpenAsync();
}
