using System.Globalization;
using Dbaas.Domain.Archives;
using Dbaas.Domain.Backups.Keys;
using Dbaas.TroveApi.Http;
using Dbaas.TroveApi.Instances;

namespace Dbaas.TroveApi.Creation;

/// <summary>Which data a new instance is to have: that of a backup, or of an instance at a moment, or behind a transaction.</summary>
internal sealed record RestorePoint
{
    private const int LongestTransaction = 255;
    private const int LongestKeys = 4096;

    private static readonly string[] Forms =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd HH:mm:ss.FFFFFFK", "yyyy-MM-dd HH:mm:ssK",
    ];

    public string? BackupId { get; init; }

    public string? InstanceId { get; init; }

    /// <summary>In Unix microseconds.</summary>
    public long? Until { get; init; }

    /// <summary>As the engine writes it.</summary>
    public string? Transaction { get; init; }

    /// <summary>What opens what was encrypted for the project's own key; null: not given.</summary>
    public string? PrivateKey { get; init; }

    public bool IsMoment => Until is not null || Transaction is not null;

    /// <summary>For messages, without the key.</summary>
    public string Words => Until is { } until ? Times.FormatMicros(until) : $"the transaction {Transaction}";

    public static RestorePoint Parse(JsonField field)
    {
        field.Only("backupRef", "instance", "time", "gtid", "private_key");
        var point = new RestorePoint
        {
            BackupId = field.FindValue("backupRef") is { } backup ? References.Of(backup) : null,
            InstanceId = field.FindValue("instance") is { } instance ? References.Of(instance) : null,
            Until = field.FindValue("time") is { } time ? ReadTime(time) : null,
            Transaction = field.FindValue("gtid")?.Line(LongestTransaction),
            PrivateKey = field.FindValue("private_key") is { } key ? ReadKey(key) : null,
        };
        return point switch
        {
            { BackupId: null, InstanceId: null } => throw field.Bad("names neither a backupRef nor an instance"),
            { BackupId: not null, InstanceId: not null } => throw field.Bad("names a backupRef and an instance: one of them is enough"),
            { Until: not null, Transaction: not null } => throw field.Bad("names a time and a gtid: one of them is enough"),
            { InstanceId: not null, Transaction: not null } =>
                throw field.Bad("names a gtid of an instance: name the backupRef that it is behind"),
            { InstanceId: not null, Until: null } => throw field.Bad("names an instance and no time"),
            _ => point,
        };
    }

    private static string ReadKey(JsonField field) => field.Text(LongestKeys) is var text && AgeKeys.IsIdentityFile(text)
        ? text
        : throw field.Bad("is not a private key of age (AGE-SECRET-KEY-1…; more than one: each in a line of its own)");

    /// <summary>Without a zone it is UTC, as all times here.</summary>
    private static long ReadTime(JsonField field) => DateTimeOffset.TryParseExact(
        field.Text(64), Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
        ? Micros.Of(moment)!.Value
        : throw field.Bad("is not a time in the form 2026-11-29T12:00:05Z");

    /// <summary>Never the key.</summary>
    public override string ToString() => BackupId ?? InstanceId ?? "";
}
