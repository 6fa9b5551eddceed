using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dbaas.Cloud.Ports;
using Dbaas.Domain.Backups;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.TaskManager.Backups;

/// <summary>
/// What can be told of a backup that a Trove took from what is beside its data. Whether the data is what that says is seen when it is
/// restored. Nothing here reads or writes.
/// </summary>
/// <param name="Objects">The data.</param>
/// <param name="Document">For the datastore: what Trove wrote.</param>
public sealed record ForeignBackup(ObjectList Objects, OpaqueDocument Document)
{
    private const string Run = "trove";
    private const string Form = ".xbstream.gz";
    private const string ParentLocation = "parent-location";
    private const string ParentChecksum = "parent-checksum";

    /// <summary>Where the one is that a backup follows on; null: it is complete by itself.</summary>
    public static string? ParentOf(FoundObject found) => found.Metadata.GetValueOrDefault(ParentLocation) is { Length: > 0 } at ? at : null;

    /// <param name="location">Where it is.</param>
    /// <param name="found">What is there.</param>
    /// <param name="datastore">What it is to be a backup of.</param>
    /// <param name="parent">What is known here at its <see cref="ParentOf"/>; null: nothing, or it has none.</param>
    /// <param name="partBytes">Size of the parts that it is read in.</param>
    /// <param name="fault">Why it cannot be restored; null: it can.</param>
    /// <returns>Null: it cannot be restored.</returns>
    public static ForeignBackup? Of(
        string location, FoundObject found, string datastore, Backup? parent, int partBytes, out string? fault)
    {
        fault = WhyNot(location, found, datastore, parent);
        if (fault is not null)
        {
            return null;
        }

        var bytes = found.Segments.Sum(segment => segment.Bytes);
        var foreign = new ForeignObject(partBytes, [.. found.Segments.Select(one => new ForeignSegment(one.Bytes, one.Md5))]);
        return new ForeignBackup(
            new ObjectList(Run, (int)((bytes + partBytes - 1) / partBytes), bytes, ListSha256: "", foreign),
            new OpaqueDocument(ForeignObject.DocumentOfTrove, 1, JsonSerializer.SerializeToUtf8Bytes(found.Metadata)));
    }

    private static string? WhyNot(string location, FoundObject found, string datastore, Backup? parent)
    {
        if (!location.EndsWith(Form, StringComparison.Ordinal))
        {
            return $"Of the backups that Trove took, those can be restored whose names end in {Form}: this one does not.";
        }

        // A manifest's hash is that of its segments' hashes, one behind the other.
        if (found.Segments.Count == 0 || found.Segments.Any(segment => segment.Bytes <= 0) || found.Checksum != ChecksumOf(found.Segments))
        {
            return "The object is empty, or its checksum is not that of its segments.";
        }

        if (found.Metadata.GetValueOrDefault("lsn") is not { Length: > 0 } lsn || !lsn.All(char.IsAsciiDigit))
        {
            return "Trove wrote no 'lsn' beside the object: it is no backup of its own, or not a whole one.";
        }

        if (found.Metadata.GetValueOrDefault("datastore") is { } said && said != datastore)
        {
            return $"It is a backup of '{said}', and the datastore version that was named is of '{datastore}'.";
        }

        if (ParentOf(found) is not { } parentAt)
        {
            return null;
        }

        if (parent is null)
        {
            return $"It follows on the backup at {parentAt}: register that one first.";
        }

        var known = JsonSerializer.Deserialize<ObjectList>(parent.Objects!, ProtocolJson.Options)!.Foreign!.Segments;
        var checksum = ChecksumOf([.. known.Select(one => new FoundSegment(one.Bytes, one.Md5))]);
        return found.Metadata.GetValueOrDefault(ParentChecksum) == checksum
            ? null
            : $"It follows on another backup than the one that is at {parentAt} now: the checksums differ.";
    }

    private static string ChecksumOf(IReadOnlyList<FoundSegment> segments)
    {
#pragma warning disable CA5351 // The store's own; against errors, not against people.
        return segments is [var only]
            ? only.Md5
            : Convert.ToHexStringLower(MD5.HashData(Encoding.ASCII.GetBytes(string.Concat(segments.Select(one => one.Md5)))));
#pragma warning restore CA5351
    }
}
