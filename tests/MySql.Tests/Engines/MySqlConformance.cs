using Dbaas.Datastores.Conformance;
using Dbaas.Datastores.Conformance.Cases;

namespace Dbaas.MySql.Tests.Engines;

public sealed class MySqlServerTests(MySqlFixture fixture) : ServerCases<MySqlFixture>(fixture), IClassFixture<MySqlFixture>;

public sealed class MySqlAccountTests(MySqlFixture fixture) : AccountCases<MySqlFixture>(fixture), IClassFixture<MySqlFixture>;

public sealed class MySqlPartingTests(MySqlFixture fixture) : PartingCases<MySqlFixture>(fixture), IClassFixture<MySqlFixture>;

public sealed class MySqlPromotionTests(MySqlFixture fixture) : PromotionCases<MySqlFixture>(fixture), IClassFixture<MySqlFixture>;

public sealed class MySqlFailoverTests(MySqlFixture fixture) : FailoverCases<MySqlFixture>(fixture), IClassFixture<MySqlFixture>;

public sealed class MySqlWriteStopTests(MySqlFixture fixture) : WriteStopCases<MySqlFixture>(fixture), IClassFixture<MySqlFixture>;

public sealed class MySqlRepointTests(MySqlFixture fixture) : RepointCases<MySqlFixture>(fixture), IClassFixture<MySqlFixture>;

public sealed class MySqlSlaveUserTests(MySqlFixture fixture) : SlaveUserCases<MySqlFixture>(fixture), IClassFixture<MySqlFixture>;

public sealed class MySqlFullMasterTests(MySqlFixture fixture) : FullMasterCases<MySqlFixture>(fixture), IClassFixture<MySqlFixture>;

public sealed class MySqlFullVolumeTests(MySqlFixture fixture) : FullVolumeCases<MySqlFixture>(fixture), IClassFixture<MySqlFixture>
{
    [Fact]
    public Task A_slave_whose_volume_was_full_catches_up_with_room() => SlaveCatchesUpAsync();
}

public sealed class MySqlVerificationTests(MySqlFixture fixture)
    : VerificationCases<MySqlFixture>(fixture), IClassFixture<MySqlFixture>;

public sealed class MySqlBackupTests(MySqlFixture fixture) : BackupCases<MySqlFixture>(fixture), IClassFixture<MySqlFixture>;

public sealed class MySqlBackupVolumeTests(MySqlFixture fixture) : BackupVolumeCases<MySqlFixture>(fixture), IClassFixture<MySqlFixture>;

public sealed class MySqlBackupHistoryTests(MySqlFixture fixture)
    : BackupHistoryCases<MySqlFixture>(fixture), IClassFixture<MySqlFixture>;

public sealed class MySqlSlaveFromBackupTests(MySqlFixture fixture)
    : SlaveFromBackupCases<MySqlFixture>(fixture), IClassFixture<MySqlFixture>;

public sealed class MySqlLogArchiveTests(MySqlFixture fixture) : LogArchiveCases<MySqlFixture>(fixture), IClassFixture<MySqlFixture>;

public sealed class MySqlChangingTableTests(MySqlFixture fixture)
    : ChangingTableCases<MySqlFixture>(fixture), IClassFixture<MySqlFixture>;

public sealed class MySqlLogKeepingTests(MySqlFixture fixture)
    : LogKeepingCases<MySqlFixture>(fixture), IClassFixture<MySqlFixture>;

public sealed class MySqlPreparedTransactionTests(MySqlFixture fixture)
    : PreparedTransactionCases<MySqlFixture>(fixture), IClassFixture<MySqlFixture>;

public sealed class MySqlLogHistoryTests(MySqlFixture fixture) : LogHistoryCases<MySqlFixture>(fixture), IClassFixture<MySqlFixture>;

public sealed class MySqlLogTests(MySqlFixture fixture) : LogCases<MySqlFixture>(fixture), IClassFixture<MySqlFixture>;

public sealed class MySqlCutTests(MySqlFixture fixture) : CutCases<MySqlFixture>(fixture), IClassFixture<MySqlFixture>;

/// <summary>One pair for all that leave it as it is: making one takes longer than most of them.</summary>
[CollectionDefinition(Name)]
public sealed class MySqlSharedPair : ICollectionFixture<MySqlFixture>
{
    public const string Name = "MySql: one pair";
}

[Collection(MySqlSharedPair.Name)]
public sealed class MySqlPairTests(MySqlFixture fixture) : PairCases<MySqlFixture>(fixture);

[Collection(MySqlSharedPair.Name)]
public sealed class MySqlPositionTests(MySqlFixture fixture) : PositionCases<MySqlFixture>(fixture);

[Collection(MySqlSharedPair.Name)]
public sealed class MySqlTransferTests(MySqlFixture fixture) : TransferCases<MySqlFixture>(fixture);

[Collection(MySqlSharedPair.Name)]
public sealed class MySqlRootTests(MySqlFixture fixture) : RootCases<MySqlFixture>(fixture);

[Collection(MySqlSharedPair.Name)]
public sealed class MySqlEncryptionTests(MySqlFixture fixture) : EncryptionCases<MySqlFixture>(fixture);

[Collection(MySqlSharedPair.Name)]
public sealed class MySqlSecrecyTests(MySqlFixture fixture) : SecrecyCases<MySqlFixture>(fixture);

public sealed class MySqlConfigurationTests(MySqlFixture fixture)
    : ConfigurationCases<MySqlFixture>(fixture), IClassFixture<MySqlFixture>;

public sealed class MySqlParameterTests(MySqlFixture fixture)
    : OfferedParameters<MySqlFixture>(fixture, "mysql"), IClassFixture<MySqlFixture>;

public sealed class MySqlSuiteTests
{
    [Fact]
    public void Derives_every_case() =>
        Assert.Empty(Suite.MissingFor(
            typeof(MySqlSuiteTests).Assembly,
            typeof(MySqlFixture),
            ["accounts", "backups", "configuration", "log-archive", "logs", "replication"]));
}
