using Dbaas.Datastores.Conformance;
using Dbaas.Datastores.Conformance.Cases;

namespace Dbaas.MySql.Tests.Engines;

public sealed class MariaDbServerTests(MariaDbFixture fixture) : ServerCases<MariaDbFixture>(fixture), IClassFixture<MariaDbFixture>;

public sealed class MariaDbAccountTests(MariaDbFixture fixture) : AccountCases<MariaDbFixture>(fixture), IClassFixture<MariaDbFixture>;

public sealed class MariaDbPartingTests(MariaDbFixture fixture) : PartingCases<MariaDbFixture>(fixture), IClassFixture<MariaDbFixture>;

public sealed class MariaDbPromotionTests(MariaDbFixture fixture) : PromotionCases<MariaDbFixture>(fixture), IClassFixture<MariaDbFixture>;

public sealed class MariaDbFailoverTests(MariaDbFixture fixture) : FailoverCases<MariaDbFixture>(fixture), IClassFixture<MariaDbFixture>;

public sealed class MariaDbWriteStopTests(MariaDbFixture fixture) : WriteStopCases<MariaDbFixture>(fixture), IClassFixture<MariaDbFixture>;

public sealed class MariaDbRepointTests(MariaDbFixture fixture) : RepointCases<MariaDbFixture>(fixture), IClassFixture<MariaDbFixture>;

public sealed class MariaDbSlaveUserTests(MariaDbFixture fixture) : SlaveUserCases<MariaDbFixture>(fixture), IClassFixture<MariaDbFixture>;

public sealed class MariaDbFullMasterTests(MariaDbFixture fixture)
    : FullMasterCases<MariaDbFixture>(fixture), IClassFixture<MariaDbFixture>;

public sealed class MariaDbFullVolumeTests(MariaDbFixture fixture) : FullVolumeCases<MariaDbFixture>(fixture), IClassFixture<MariaDbFixture>
{
    [Fact]
    public Task A_slave_whose_volume_was_full_catches_up_with_room() => SlaveCatchesUpAsync();
}

public sealed class MariaDbVerificationTests(MariaDbFixture fixture)
    : VerificationCases<MariaDbFixture>(fixture), IClassFixture<MariaDbFixture>;

public sealed class MariaDbBackupTests(MariaDbFixture fixture) : BackupCases<MariaDbFixture>(fixture), IClassFixture<MariaDbFixture>
{
    private readonly MariaDbFixture _fixture = fixture;

    /// <summary>Everybody who makes or changes a table would wait behind it. (A minute is too long for a test.)</summary>
    [Fact]
    public async Task A_backup_waits_a_minute_at_most_for_who_holds_a_table()
    {
        var source = await _fixture.SourceAsync();

        await source.TakeAsync();

        Assert.Contains(source.Processes.CommandLines, line => line.Contains("--startup-wait-timeout=60", StringComparison.Ordinal));
    }
}

public sealed class MariaDbBackupVolumeTests(MariaDbFixture fixture)
    : BackupVolumeCases<MariaDbFixture>(fixture), IClassFixture<MariaDbFixture>;

public sealed class MariaDbBackupHistoryTests(MariaDbFixture fixture)
    : BackupHistoryCases<MariaDbFixture>(fixture), IClassFixture<MariaDbFixture>;

public sealed class MariaDbSlaveFromBackupTests(MariaDbFixture fixture)
    : SlaveFromBackupCases<MariaDbFixture>(fixture), IClassFixture<MariaDbFixture>;

public sealed class MariaDbLogArchiveTests(MariaDbFixture fixture)
    : LogArchiveCases<MariaDbFixture>(fixture), IClassFixture<MariaDbFixture>;

public sealed class MariaDbChangingTableTests(MariaDbFixture fixture)
    : ChangingTableCases<MariaDbFixture>(fixture), IClassFixture<MariaDbFixture>;

public sealed class MariaDbLogKeepingTests(MariaDbFixture fixture)
    : LogKeepingCases<MariaDbFixture>(fixture), IClassFixture<MariaDbFixture>;

public sealed class MariaDbPreparedTransactionTests(MariaDbFixture fixture)
    : PreparedTransactionCases<MariaDbFixture>(fixture), IClassFixture<MariaDbFixture>;

public sealed class MariaDbLogHistoryTests(MariaDbFixture fixture)
    : LogHistoryCases<MariaDbFixture>(fixture), IClassFixture<MariaDbFixture>;

public sealed class MariaDbLogTests(MariaDbFixture fixture) : LogCases<MariaDbFixture>(fixture), IClassFixture<MariaDbFixture>;

public sealed class MariaDbCutTests(MariaDbFixture fixture) : CutCases<MariaDbFixture>(fixture), IClassFixture<MariaDbFixture>;

/// <summary>One pair for all that leave it as it is: making one takes longer than most of them.</summary>
[CollectionDefinition(Name)]
public sealed class MariaDbSharedPair : ICollectionFixture<MariaDbFixture>
{
    public const string Name = "MariaDb: one pair";
}

[Collection(MariaDbSharedPair.Name)]
public sealed class MariaDbPairTests(MariaDbFixture fixture) : PairCases<MariaDbFixture>(fixture);

[Collection(MariaDbSharedPair.Name)]
public sealed class MariaDbPositionTests(MariaDbFixture fixture) : PositionCases<MariaDbFixture>(fixture);

[Collection(MariaDbSharedPair.Name)]
public sealed class MariaDbTransferTests(MariaDbFixture fixture) : TransferCases<MariaDbFixture>(fixture);

[Collection(MariaDbSharedPair.Name)]
public sealed class MariaDbRootTests(MariaDbFixture fixture) : RootCases<MariaDbFixture>(fixture);

[Collection(MariaDbSharedPair.Name)]
public sealed class MariaDbEncryptionTests(MariaDbFixture fixture) : EncryptionCases<MariaDbFixture>(fixture);

[Collection(MariaDbSharedPair.Name)]
public sealed class MariaDbSecrecyTests(MariaDbFixture fixture) : SecrecyCases<MariaDbFixture>(fixture);

public sealed class MariaDbConfigurationTests(MariaDbFixture fixture)
    : ConfigurationCases<MariaDbFixture>(fixture), IClassFixture<MariaDbFixture>;

public sealed class MariaDbParameterTests(MariaDbFixture fixture)
    : OfferedParameters<MariaDbFixture>(fixture, "mariadb"), IClassFixture<MariaDbFixture>;

public sealed class MariaDbSuiteTests
{
    [Fact]
    public void Derives_every_case() =>
        Assert.Empty(Suite.MissingFor(
            typeof(MariaDbSuiteTests).Assembly,
            typeof(MariaDbFixture),
            ["accounts", "backups", "configuration", "log-archive", "logs", "replication"]));
}
