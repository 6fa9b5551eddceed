using System.Diagnostics;
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

/// <summary>A backup's data on its way into the store and back, with the real programs.</summary>
public sealed class SealedStreamTests : IDisposable
{
    private const int PartBytes = 64 * 1024;

    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TempFolder folder = new();
    private readonly MemoryStore store = new();
    private readonly ProcessRunner tools;
    private readonly ObjectStreams streams;

    public SealedStreamTests()
    {
        tools = new ProcessRunner(folder.Path);
        streams = new ObjectStreams(store, new MemoryLogReports(), tools, folder.Path, TimeProvider.System);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_is_read_is_what_was_written_and_the_store_holds_none_of_it_in_clear()
    {
        var (identity, recipient) = await KeyAsync();
        var data = Data(10 * PartBytes);

        var written = await WriteAsync(data, recipient);

        Assert.True(written.Parts > 5, $"{written.Parts} parts");
        Assert.Equal(written.Parts + 1, store.Objects.Count);
        Assert.DoesNotContain(store.Objects.Values, one => one.AsSpan().IndexOf(data.AsSpan(0, 64)) >= 0);
        Assert.InRange(store.MostAtOnce, 1, 2);
        Assert.Equal(data, await ReadAsync(written, identity));
        Assert.Empty(Directory.EnumerateFiles(folder.Path, $"{SecretPipe.Prefix}*"));
    }

    [Fact]
    public async Task Parts_that_arrive_in_another_order_are_read_in_theirs()
    {
        var (identity, recipient) = await KeyAsync();
        var later = new TaskCompletionSource();
        store.DuringPut = (name, token) =>
        {
            if (name.EndsWith("-00000002", StringComparison.Ordinal))
            {
                later.TrySetResult();
            }

            return name.EndsWith("-00000000", StringComparison.Ordinal) ? later.Task.WaitAsync(token) : Task.CompletedTask;
        };
        var data = Data(6 * PartBytes);

        Assert.Equal(data, await ReadAsync(await WriteAsync(data, recipient), identity));
    }

    [Fact]
    public async Task Data_of_no_length_comes_back_too()
    {
        var (identity, recipient) = await KeyAsync();

        Assert.Empty(await ReadAsync(await WriteAsync([], recipient), identity));
    }

    [Fact]
    public async Task Each_recipient_can_open_it_and_nobody_else()
    {
        var (identity, recipient) = await KeyAsync();
        var (recovery, operators) = await KeyAsync();
        var (strange, _) = await KeyAsync();
        var data = Data(PartBytes);
        var written = await WriteAsync(data, recipient, operators);

        Assert.Equal(data, await ReadAsync(written, identity));
        Assert.Equal(data, await ReadAsync(written, recovery));
        var refusal = await Assert.ThrowsAsync<DatastoreException>(() => ReadAsync(written, strange));
        Assert.Equal(FaultKind.Permanent, refusal.Kind);
        Assert.Contains("no identity matched", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("truncated")]
    [InlineData("altered")]
    [InlineData("foreign")]
    public async Task A_part_that_is_not_what_was_written_is_seen_before_it_is_used(string what)
    {
        var (identity, recipient) = await KeyAsync();
        var written = await WriteAsync(Data(4 * PartBytes), recipient);
        var name = ObjectNames.Part(written.Run, 2);
        var part = store.Objects[name];
        switch (what)
        {
            case "missing":
                store.Objects.Remove(name);
                break;
            case "truncated":
                store.Objects[name] = part[..^1];
                break;
            case "altered":
                part[100] ^= 1;
                break;
            default:
                store.Objects[name] = store.Objects[ObjectNames.Part(written.Run, 1)];
                break;
        }

        var refusal = await Assert.ThrowsAsync<DatastoreException>(() => ReadAsync(written, identity));

        Assert.Equal(FaultKind.Permanent, refusal.Kind);
        Assert.Contains(name, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_that_was_changed_is_seen()
    {
        var (identity, recipient) = await KeyAsync();
        var written = await WriteAsync(Data(PartBytes), recipient);
        store.Objects[ObjectNames.List(written.Run)][0] ^= 1;

        var refusal = await Assert.ThrowsAsync<DatastoreException>(() => ReadAsync(written, identity));

        Assert.Contains("The list of the backup's objects", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_datastore_that_fails_half_way_leaves_no_list_so_that_nobody_takes_it_for_a_backup()
    {
        var (_, recipient) = await KeyAsync();
        var writer = streams.Write(NewJob(), Backup(recipient));

        await Assert.ThrowsAsync<DatastoreException>(() => writer.WriteAsync(
            async (stream, token) =>
            {
                await stream.WriteAsync(Data(3 * PartBytes), token);
                throw new DatastoreException(FaultKind.Transient, "The tool ended.");
            },
            None));

        Assert.DoesNotContain(store.Objects.Keys, name => name.EndsWith("list", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_store_that_refuses_ends_the_tools()
    {
        var (_, recipient) = await KeyAsync();
        store.DuringPut = (_, _) => throw new DatastoreException(FaultKind.Transient, "The store is full.");

        var refusal = await Assert.ThrowsAsync<DatastoreException>(() => WriteAsync(Data(20 * PartBytes), recipient));

        Assert.Equal("The store is full.", refusal.Message);
        await tools.EndLeftoversAsync(None);
    }

    [Fact]
    public async Task A_pace_that_was_named_is_kept()
    {
        var (identity, recipient) = await KeyAsync();
        var (data, watch) = (Data(4 * PartBytes), Stopwatch.StartNew());
        var writer = streams.Write(NewJob(), Backup(recipient) with { BytesPerSecond = 2 * PartBytes });

        var bytes = await writer.WriteAsync((stream, token) => stream.WriteAsync(data, token).AsTask(), None);

        // Two seconds' worth, a tenth of a second of which may go at once.
        Assert.True(watch.Elapsed > TimeSpan.FromSeconds(1.5), $"It took {watch.Elapsed}.");
        Assert.Equal(data.Length, bytes);
        Assert.Equal(data, await ReadAsync(writer.Written, identity));
    }

    private static byte[] Data(int size) => RandomNumberGenerator.GetBytes(size);

    private static CreateBackup Backup(params string[] recipients) =>
        new() { BackupId = "b", Recipients = recipients, PartBytes = PartBytes };

    private static Job NewJob() => new("c", "create_backup", needsServer: true, () => { }, TimeProvider.System);

    private async Task<ObjectList> WriteAsync(byte[] data, params string[] recipients)
    {
        var writer = streams.Write(NewJob(), Backup(recipients));
        await writer.WriteAsync((stream, token) => stream.WriteAsync(data, token).AsTask(), None);
        return writer.Written;
    }

    private async Task<byte[]> ReadAsync(ObjectList written, string identity)
    {
        var link = new BackupLink("b", new OpaqueDocument("k", 1, Array.Empty<byte>()), written);
        using var data = new MemoryStream();
        await streams.Read(NewJob(), identity, link).ReadAsync((stream, token) => stream.CopyToAsync(data, token), None);
        return data.ToArray();
    }

    private async Task<(string Identity, string Recipient)> KeyAsync()
    {
        using var output = new MemoryStream();
        await tools.RunAsync(new ProcessSpec("age-keygen", []), null, (stream, token) => stream.CopyToAsync(output, token), None);
        var lines = Encoding.ASCII.GetString(output.ToArray()).Split('\n');
        return (lines.Single(line => line.StartsWith("AGE-", StringComparison.Ordinal)), lines[1]["# public key: ".Length..]);
    }
}
