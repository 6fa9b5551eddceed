using Dbaas.Datastores.Conformance;
using Dbaas.Datastores.Conformance.Cases;

namespace Dbaas.MySql.Tests.Engines;

public sealed class MySqlServerTests(MySqlFixture fixture) : ServerCases<MySqlFixture>(fixture);

public sealed class MySqlAccountTests(MySqlFixture fixture) : AccountCases<MySqlFixture>(fixture);

public sealed class MySqlPairTests(MySqlFixture fixture) : PairCases<MySqlFixture>(fixture);

public sealed class MySqlPositionTests(MySqlFixture fixture) : PositionCases<MySqlFixture>(fixture);

public sealed class MySqlPartingTests(MySqlFixture fixture) : PartingCases<MySqlFixture>(fixture);

public sealed class MySqlTransferTests(MySqlFixture fixture) : TransferCases<MySqlFixture>(fixture);

public sealed class MySqlSecrecyTests(MySqlFixture fixture) : SecrecyCases<MySqlFixture>(fixture);

public sealed class MySqlSuiteTests
{
    [Fact]
    public void Derives_every_case() => Assert.Empty(Suite.MissingFor(typeof(MySqlSuiteTests).Assembly, typeof(MySqlFixture)));
}
