using Dbaas.Datastores.Conformance;
using Dbaas.Datastores.Conformance.Cases;

namespace Dbaas.MySql.Tests.Engines;

public sealed class MariaDbServerTests(MariaDbFixture fixture) : ServerCases<MariaDbFixture>(fixture);

public sealed class MariaDbAccountTests(MariaDbFixture fixture) : AccountCases<MariaDbFixture>(fixture);

public sealed class MariaDbPairTests(MariaDbFixture fixture) : PairCases<MariaDbFixture>(fixture);

public sealed class MariaDbPositionTests(MariaDbFixture fixture) : PositionCases<MariaDbFixture>(fixture);

public sealed class MariaDbPartingTests(MariaDbFixture fixture) : PartingCases<MariaDbFixture>(fixture);

public sealed class MariaDbTransferTests(MariaDbFixture fixture) : TransferCases<MariaDbFixture>(fixture);

public sealed class MariaDbSecrecyTests(MariaDbFixture fixture) : SecrecyCases<MariaDbFixture>(fixture);

public sealed class MariaDbSuiteTests
{
    [Fact]
    public void Derives_every_case() => Assert.Empty(Suite.MissingFor(typeof(MariaDbSuiteTests).Assembly, typeof(MariaDbFixture)));
}
