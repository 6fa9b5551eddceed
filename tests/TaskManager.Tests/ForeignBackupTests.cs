using System.Text.Json;
using Dbaas.Cloud.Ports;
using Dbaas.Domain.Backups;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;
using Dbaas.TaskManager.Backups;

namespace Dbaas.TaskManager.Tests;

public sealed class ForeignBackupTests
{
    private const string At = "http://swift/v1/AUTH_p/database_backups/2.xbstream.gz";
    private const string ParentAt = "http://swift/v1/AUTH_p/database_backups/1.xbstream.gz";
    private const string OneMd5 = "d41d8cd98f00b204e9800998ecf8427e";
    private const string OtherMd5 = "0cc175b9c0f1b6a831c399e269772661";

    // md5sum of both, one behind the other.
    private const string Both = "8b2ebdea48beed0a3621a0be3c850207";

    public static TheoryData<string, string, string, string> Refused => new()
    {
        { "another form", "name", "http://swift/v1/AUTH_p/database_backups/2.xbstream.gz.enc", "whose names end in .xbstream.gz" },
        { "no lsn", "lsn", "", "no 'lsn'" },
        { "an lsn that is none", "lsn", "12a", "no 'lsn'" },
        { "another engine", "datastore", "mysql", "of 'mysql', and the datastore version that was named is of 'mariadb'" },
        { "a parent that is not known", "parent-location", ParentAt, $"follows on the backup at {ParentAt}: register that one first" },
        { "an object of other segments", "checksum", OneMd5, "its checksum is not that of its segments" },
    };

    [Fact]
    public void An_object_of_one_piece_is_what_its_hash_says()
    {
        var known = ForeignBackup.Of(At, Found([new(10, OneMd5)], OneMd5), "mariadb", null, 4, out var fault);

        Assert.Null(fault);
        Assert.Equal(("trove", 3, 10L), (known!.Objects.Run, known.Objects.Parts, known.Objects.Bytes));
        Assert.Equal([new ForeignSegment(10, OneMd5)], known.Objects.Foreign!.Segments);
        Assert.Equal("77", JsonDocument.Parse(known.Document.Payload).RootElement.GetProperty("lsn").GetString());
    }

    [Fact]
    public void One_that_follows_on_another_needs_that_one_as_it_was()
    {
        var found = Found(
            [new(10, OneMd5), new(5, OtherMd5)], Both, ("parent-location", ParentAt), ("parent-checksum", OtherMd5));

        Assert.NotNull(ForeignBackup.Of(At, found, "mariadb", Parent(OtherMd5), 4, out _));
        Assert.Null(ForeignBackup.Of(At, found, "mariadb", Parent(OneMd5), 4, out var fault));
        Assert.Contains("the checksums differ", fault, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_cannot_be_restored_says_why(string what, string name, string value, string words)
    {
        var at = name == "name" ? value : At;
        var found = Found([new(10, OneMd5), new(5, OtherMd5)], name == "checksum" ? value : Both, (name, value));

        Assert.Null(ForeignBackup.Of(at, found, "mariadb", null, 4, out var fault));
        Assert.True(fault!.Contains(words, StringComparison.Ordinal), $"{what}: {fault}");
    }

    private static FoundObject Found(
        IReadOnlyList<FoundSegment> segments, string checksum, params (string Name, string Value)[] metadata)
    {
        var all = new Dictionary<string, string> { ["lsn"] = "77", ["datastore"] = "mariadb", ["datastore-version"] = "10.11" };
        foreach (var (name, value) in metadata)
        {
            all[name] = value;
        }

        return new FoundObject(segments, checksum, all);
    }

    private static Backup Parent(string md5) => new()
    {
        Id = "1",
        Objects = JsonSerializer.Serialize(
            new ObjectList("trove", 1, 3, "", new ForeignObject(4, [new ForeignSegment(3, md5)])), ProtocolJson.Options),
    };
}
