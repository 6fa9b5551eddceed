using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Dbaas.Datastores.Contract;
using Dbaas.GuestAgent.Channel;
using Dbaas.GuestAgent.Files;
using Dbaas.GuestAgent.Tests.Fakes;
using Dbaas.GuestAgent.Transfer;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Channel;
using Dbaas.Testing;

namespace Dbaas.GuestAgent.Tests;

public sealed class PeerStreamTests : IAsyncLifetime
{
    private const string Master = "0198c0de-0000-7000-8000-00000000000a";
    private const string Slave = "0198c0de-0000-7000-8000-00000000000b";
    private const string Stranger = "0198c0de-0000-7000-8000-00000000000c";
    private const string SlaveAddress = "127.0.0.2";

    private readonly TempFolder folder = new();
    private readonly List<IAsyncDisposable> parts = [];
    private TestGateway gateway = null!;
    private PeerStreams master = null!;
    private PeerStreams slave = null!;

    private CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        gateway = await TestGateway.StartAsync(folder.Path);
        master = await PeerAsync(Master, "127.0.0.1");
        slave = await PeerAsync(Slave, SlaveAddress);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in parts)
        {
            await part.DisposeAsync();
        }

        await gateway.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task The_permitted_reader_gets_the_data_whole_and_each_read_writes_it_anew()
    {
        var data = new byte[5_000_000];
        new Random(1).NextBytes(data);
        var writes = 0;
        var address = await OfferAsync(async (stream, token) =>
        {
            writes++;
            await stream.WriteAsync(data, token);
        });

        Assert.Equal(data, await ReadAsync(slave, address));
        Assert.Equal(data, await ReadAsync(slave, address));
        Assert.Equal(2, writes);
    }

    [Fact]
    public async Task A_wrong_token_a_wrong_certificate_and_a_wrong_address_are_refused_and_nothing_is_written()
    {
        var writes = 0;
        var address = await OfferAsync((_, _) =>
        {
            writes++;
            return Task.CompletedTask;
        });
        var stranger = await PeerAsync(Stranger, SlaveAddress);
        var elsewhere = await PeerAsync(Slave, "127.0.0.3");

        foreach (var (reader, with, kind) in new[]
        {
            (slave, address with { Token = "guess" }, FaultKind.Precondition),
            (stranger, address, FaultKind.Precondition),
            (elsewhere, address, FaultKind.Transient),
        })
        {
            var fault = await Assert.ThrowsAsync<DatastoreException>(() => ReadAsync(reader, with));
            Assert.Equal(kind, fault.Kind);
        }

        Assert.Equal(0, writes);
    }

    [Fact]
    public async Task Connections_that_say_nothing_do_not_keep_the_reader_out_for_long()
    {
        var address = await OfferAsync((stream, token) => stream.WriteAsync("data"u8.ToArray(), token).AsTask());
        var silent = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 8; i++)
            {
                silent.Add(new TcpClient(new IPEndPoint(IPAddress.Parse(SlaveAddress), 0)));
                await silent[i].ConnectAsync(address.Href.Host, address.Href.Port, Cancel);
            }

            await Eventually.HoldsAsync(
                "the reader's turn",
                TimeSpan.FromSeconds(60),
                async () => await Record.ExceptionAsync(() => ReadAsync(slave, address)) is null);
        }
        finally
        {
            silent.ForEach(client => client.Dispose());
        }
    }

    [Fact]
    public async Task Connections_from_elsewhere_take_no_place()
    {
        var address = await OfferAsync((stream, token) => stream.WriteAsync("data"u8.ToArray(), token).AsTask());
        var neighbours = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 20; i++)
            {
                neighbours.Add(new TcpClient(new IPEndPoint(IPAddress.Parse("127.0.0.9"), 0)));
                await neighbours[i].ConnectAsync(address.Href.Host, address.Href.Port, Cancel);
            }

            // At its first try: what is held by others is held for half a minute.
            Assert.Equal("data"u8.ToArray(), await ReadAsync(slave, address));
            Assert.All(neighbours, neighbour => Assert.True(IsClosed(neighbour.Client)));
        }
        finally
        {
            neighbours.ForEach(client => client.Dispose());
        }

        static bool IsClosed(Socket socket)
        {
            try
            {
                return socket.Poll(TimeSpan.FromSeconds(20), SelectMode.SelectRead) && socket.Receive(new byte[1]) == 0;
            }
            catch (SocketException)
            {
                return true;
            }
        }
    }

    [Fact]
    public async Task A_silent_transfer_is_watched_by_the_kernel_at_both_ends_and_by_no_clock()
    {
        var begun = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        var address = await OfferAsync(async (stream, token) =>
        {
            begun.SetResult();
            await goOn.Task.WaitAsync(token);
            await stream.WriteAsync("late"u8.ToArray(), token);
        });
        var reading = ReadAsync(slave, address);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        var port = address.Href.Port.ToString("X4", CultureInfo.InvariantCulture);
        await Eventually.HoldsAsync("a keep-alive timer at both ends", TimeSpan.FromSeconds(30), async () =>
        {
            // "sl local remote state queues timer …": established, and the timer is the one of keep-alive.
            var lines = (await File.ReadAllLinesAsync("/proc/net/tcp", Cancel))
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            return lines.Count(words => words[3] == "01" && words[5].StartsWith("02:", StringComparison.Ordinal)
                && (
                    words[1].EndsWith(":" + port, StringComparison.Ordinal)
                    || words[2].EndsWith(":" + port, StringComparison.Ordinal))) == 2;
        });
        goOn.SetResult();

        Assert.Equal("late"u8.ToArray(), await reading);
    }

    [Fact]
    public async Task A_reader_that_goes_away_ends_the_tool_that_has_nothing_to_say_yet()
    {
        var begun = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        var address = await OfferAsync(async (_, token) =>
        {
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ended.SetResult();
        });
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var reading = slave.ReadAsync(address, (stream, token) => stream.CopyToAsync(Stream.Null, token), enough.Token);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancel);

        await enough.CancelAsync();

        await ended.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancel);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    [Fact]
    public async Task A_reader_refuses_a_peer_with_another_certificate_than_expected()
    {
        var address = await OfferAsync((stream, token) => stream.WriteAsync(new byte[10], token).AsTask());

        var fault = await Assert.ThrowsAsync<DatastoreException>(() => ReadAsync(slave, address with { InstanceId = Stranger }));

        Assert.Equal(FaultKind.Transient, fault.Kind);
    }

    [Fact]
    public async Task A_reader_without_a_certificate_of_our_authority_is_refused()
    {
        var address = await OfferAsync((stream, token) => stream.WriteAsync(new byte[10], token).AsTask());
        using var nobody = new AgentIdentity(folder.Below("nobody"), _ => { });
        await using var reader = Peer(Slave, SlaveAddress, nobody, folder.Below("nobody-offers"));

        await Assert.ThrowsAsync<DatastoreException>(() => ReadAsync(reader, address));
    }

    [Fact]
    public async Task A_transfer_that_the_source_cuts_off_is_no_regular_end()
    {
        var address = await OfferAsync(async (stream, token) =>
        {
            await stream.WriteAsync(new byte[1_000_000], token);
            await stream.FlushAsync(token);
            throw new IOException("the tool failed");
        });

        var fault = await Assert.ThrowsAsync<DatastoreException>(() => ReadAsync(slave, address));

        Assert.Equal(FaultKind.Transient, fault.Kind);
    }

    [Fact]
    public async Task The_same_offer_is_the_same_address_also_after_a_restart_of_the_agent()
    {
        var first = await OfferAsync((_, _) => Task.CompletedTask);
        var second = await OfferAsync((_, _) => Task.CompletedTask);
        Assert.Empty(await ReadAsync(slave, first));
        await master.DisposeAsync();
        parts.Remove(master);
        master = await PeerAsync(Master, "127.0.0.1");
        var third = await OfferAsync((stream, token) => stream.WriteAsync("third"u8.ToArray(), token).AsTask());

        Assert.Equal((first.Href, first.Token), (second.Href, second.Token));
        Assert.Equal((first.Href, first.Token), (third.Href, third.Token));
        Assert.Equal("third"u8.ToArray(), await ReadAsync(slave, first));
    }

    [Fact]
    public async Task An_offer_that_the_source_gives_up_is_cut_off_and_then_refused_with_its_reason()
    {
        var writes = 0;
        var address = await OfferAsync(async (stream, token) =>
        {
            writes++;
            await stream.WriteAsync(new byte[100], token);
            throw new DatastoreException(FaultKind.Precondition, "It cannot be copied: ünder load.");
        });
        var cut = await Assert.ThrowsAsync<DatastoreException>(() => ReadAsync(slave, address));
        Assert.Equal(FaultKind.Transient, cut.Kind);

        var fault = await Assert.ThrowsAsync<DatastoreException>(() => ReadAsync(slave, address));

        Assert.Equal(FaultKind.Precondition, fault.Kind);
        Assert.Equal("It cannot be copied: ünder load.", fault.Message);
        Assert.Equal(1, writes);
    }

    [Fact]
    public async Task A_closed_offer_ends_its_transfer_and_cannot_be_read()
    {
        var begun = new TaskCompletionSource();
        var address = await OfferAsync(async (stream, token) =>
        {
            await stream.WriteAsync(new byte[1_000_000], token);
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, token);
        });
        var reading = ReadAsync(slave, address);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancel);

        await master.CloseAsync("offer");
        await master.CloseAsync("offer");

        Assert.Equal(FaultKind.Transient, (await Assert.ThrowsAsync<DatastoreException>(() => reading)).Kind);
        Assert.Equal(FaultKind.Transient, (await Assert.ThrowsAsync<DatastoreException>(() => ReadAsync(slave, address))).Kind);
    }

    [Fact]
    public async Task An_offer_closes_by_itself_when_its_time_is_over()
    {
        var address = await OfferAsync((_, _) => Task.CompletedTask, TimeSpan.FromSeconds(1));

        await Eventually.HoldsAsync("the end of the offer", TimeSpan.FromSeconds(20), async () =>
        {
            var fault = await Record.ExceptionAsync(() => ReadAsync(slave, address));
            return fault is DatastoreException { Kind: FaultKind.Transient };
        });
    }

    [Fact]
    public async Task A_reader_that_comes_again_takes_the_place_of_its_first_transfer()
    {
        var writes = 0;
        var begun = new TaskCompletionSource();
        var address = await OfferAsync(async (stream, token) =>
        {
            if (Interlocked.Increment(ref writes) == 1)
            {
                await stream.WriteAsync(new byte[1000], token);
                await stream.FlushAsync(token);
                begun.SetResult();
                await Task.Delay(Timeout.Infinite, token);
            }

            await stream.WriteAsync("second"u8.ToArray(), token);
        });
        var first = ReadAsync(slave, address);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancel);

        Assert.Equal("second"u8.ToArray(), await ReadAsync(slave, address));
        await Assert.ThrowsAsync<DatastoreException>(() => first);
    }

    [Fact]
    public async Task A_peer_that_does_not_finish_its_greeting_in_time_is_asked_again_later()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var hasty = await PeerAsync("0198c0de-0000-7000-8000-00000000000d", SlaveAddress, TimeSpan.FromMilliseconds(200));
        var address = new PeerStreamAddress(new Uri($"https://{silent.LocalEndpoint}/snapshots/offer"), "token", Master);

        var fault = await Assert.ThrowsAsync<DatastoreException>(() => ReadAsync(hasty, address));

        Assert.Equal(FaultKind.Transient, fault.Kind);
    }

    private Task<PeerStreamAddress> OfferAsync(Func<Stream, CancellationToken, Task> write, TimeSpan? openFor = null) =>
        master.OfferAsync(new PeerStreamOffer("offer", SlaveAddress, Slave, openFor ?? TimeSpan.FromMinutes(5)), write, Cancel);

    private async Task<byte[]> ReadAsync(PeerStreams reader, PeerStreamAddress address)
    {
        using var data = new MemoryStream();
        await reader.ReadAsync(address, (stream, token) => stream.CopyToAsync(data, token), Cancel);
        return data.ToArray();
    }

    private async Task<PeerStreams> PeerAsync(string instanceId, string address, TimeSpan? connectPatience = null)
    {
        var state = folder.Below($"{instanceId}-{address}");
        PrivateFile.EnsureFolder(state);
        var identity = new AgentIdentity(Path.Combine(state, "identity"), _ => { });
        using var client = gateway.Client(identity);
        var request = new EnrolmentRequest(
            instanceId, gateway.Directory.Provision(instanceId), identity.MakeCertificateRequest(), ChannelTests.Hello(1, 1));
        identity.Accept((await client.EnrolAsync(request, Cancel)).Certificate);
        var peer = Peer(instanceId, address, identity, Path.Combine(state, "offers"), connectPatience);
        parts.Add(peer);
        return peer;
    }

    private PeerStreams Peer(string instanceId, string address, AgentIdentity identity, string offers, TimeSpan? connectPatience = null)
    {
        PrivateFile.EnsureFolder(offers);
        return new PeerStreams(
            instanceId,
            IPAddress.Parse(address),
            offers,
            identity,
            new Trust(gateway.Authority.CertificatesPem),
            TimeProvider.System,
            _ => { })
        {
            ConnectPatience = connectPatience ?? TimeSpan.FromSeconds(30),
        };
    }
}
