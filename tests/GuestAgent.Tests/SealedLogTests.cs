using System.Security.Cryptography;
using System.Text;
using Dbaas.Datastores.Contract;
using Dbaas.GuestAgent.Jobs;
using Dbaas.GuestAgent.Objects;
using Dbaas.GuestAgent.Processes;
using Dbaas.GuestAgent.Tests.Fakes;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Channel;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.GuestAgent.Tests;

/// <summary>The parts of a log on their way into the store and back, with the real programs.</summary>
public sealed class SealedLogTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TempFolder folder = new();
    private readonly MemoryStore store = new();
    private readonly MemoryLogReports reports = new();
    private readonly ProcessRunner tools;
    private readonly ObjectStreams streams;

    public SealedLogTests()
    {
        tools = new ProcessRunner(folder.Path);
        streams = new ObjectStreams(store, reports, tools, folder.Path, TimeProvider.System);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Each_part_is_sealed_stored_told_and_read_by_itself()
    {
        var (identity, recipient) = await KeyAsync();
        byte[][] parts = [Data(100), Data(300_000), Data(1)];

        await WriteAsync(recipient, parts);

        Assert.Equal([0, 1, 2, 3], reports.Told.Select(told => told.Parts));
        Assert.Equal([null, "p1", "p2", "p3"], reports.Told.Select(told => told.Part is null ? null : told.Position));
        Assert.DoesNotContain(store.Objects.Values, one => one.AsSpan().IndexOf(parts[1].AsSpan(0, 64)) >= 0);
        var reader = streams.ReadLog(NewJob(), Link(identity));
        Assert.Equal(3, reader.Count);
        for (var number = 0; number < parts.Length; number++)
        {
            Assert.Equal(parts[number], await ReadAsync(reader, number));
        }

        Assert.Empty(Directory.EnumerateFiles(folder.Path, $"{SecretPipe.Prefix}*"));
    }

    [Fact]
    public async Task A_part_that_was_altered_is_another_or_is_missing_is_never_used()
    {
        var (identity, recipient) = await KeyAsync();
        await WriteAsync(recipient, [Data(1000), Data(1000)]);
        var link = Link(identity);
        var (first, second) = (ObjectNames.Part(link.Run, 0), ObjectNames.Part(link.Run, 1));
        var reader = streams.ReadLog(NewJob(), link);
        var whole = store.Objects[first];

        store.Objects[first] = [.. whole[..^1], (byte)(whole[^1] ^ 1)];
        await RefusedAsync(reader, "is not what was written");
        store.Objects[first] = store.Objects[second];
        await RefusedAsync(reader, "is not what was written");
        store.Objects.Remove(first);
        await RefusedAsync(reader, "is missing");
    }

    [Fact]
    public async Task Nothing_is_told_that_is_not_stored()
    {
        var (_, recipient) = await KeyAsync();
        store.DuringPut = (_, _) => throw new DatastoreException(FaultKind.Transient, "The store is full.");

        var refusal = await Assert.ThrowsAsync<DatastoreException>(() => WriteAsync(recipient, [Data(10)]));

        Assert.Equal("The store is full.", refusal.Message);
        Assert.Null(Assert.Single(reports.Told).Part);
    }

    private static byte[] Data(int size) => RandomNumberGenerator.GetBytes(size);

    private static Job NewJob() => new("c", "archive_log", needsServer: true, () => { }, TimeProvider.System, isWatched: false);

    private static LogPlace Place(string position) => new(new OpaqueDocument("k", 1, Array.Empty<byte>()), null, position);

    private LogLink Link(string identity)
    {
        var told = reports.Told.ToList();
        return new LogLink(
            "l", told[0].Place, told[^1].Place, told[0].Run, identity, [.. told.Select(one => one.Part).OfType<LogPart>()]);
    }

    private async Task WriteAsync(string recipient, byte[][] parts)
    {
        var writer = streams.WriteLog(NewJob(), new ArchiveLog
        {
            LogId = "l", Recipients = [recipient], MostBytes = 1 << 20, EverySeconds = 1, ForSeconds = 1, KeepForSeconds = 1,
        });
        await writer.BeginAsync(Place("p0"), gap: null, None);
        for (var number = 0; number < parts.Length; number++)
        {
            await writer.WriteAsync(
                Place($"p{number + 1}"), (stream, token) => stream.WriteAsync(parts[number], token).AsTask(), None);
        }
    }

    private static async Task<byte[]> ReadAsync(ILogReader reader, int number)
    {
        using var data = new MemoryStream();
        await reader.ReadAsync(number, (stream, token) => stream.CopyToAsync(data, token), None);
        return data.ToArray();
    }

    private static async Task RefusedAsync(ILogReader reader, string word)
    {
        var refusal = await Assert.ThrowsAsync<DatastoreException>(() => ReadAsync(reader, 0));
        Assert.Equal(FaultKind.Permanent, refusal.Kind);
        Assert.Contains(word, refusal.Message, StringComparison.Ordinal);
    }

    private async Task<(string Identity, string Recipient)> KeyAsync()
    {
        using var output = new MemoryStream();
        await tools.RunAsync(new ProcessSpec("age-keygen", []), null, (stream, token) => stream.CopyToAsync(output, token), None);
        var lines = Encoding.ASCII.GetString(output.ToArray()).Split('\n');
        return (lines.Single(line => line.StartsWith("AGE-", StringComparison.Ordinal)), lines[1]["# public key: ".Length..]);
    }
}
