using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dbaas.Testing;
using Dbaas.Testing.Services;

namespace Dbaas.EndToEnd.Tests;

/// <summary>
/// Another cloud, from which people move: an identity, a real Swift that asks it, and in that a container with backups as Trove's own
/// guests write them (its <c>backup/storage/swift.py</c>), but in smaller segments.
/// </summary>
internal sealed class TroveStore : IAsyncDisposable
{
    /// <summary>Whose backups they are.</summary>
    public const string Owner = "tenant";

    /// <summary>Who may read them.</summary>
    public const string Reader = "mover";

    private const int SegmentBytes = 4 * 1024 * 1024;
    private const string Container = "database_backups";

    private readonly HttpClient http = new();
    private readonly RunningService identity;
    private readonly SwiftServer swift;
    private Uri account = null!;

    private TroveStore(RunningService identity, SwiftServer swift) => (this.identity, this.swift) = (identity, swift);

    /// <summary>As a setting of the service.</summary>
    public JsonObject Setting => new()
    {
        ["AuthUrl"] = $"http://127.0.0.1:{identity.IdentityPort}/v3",
        ["UserName"] = Reader,
        ["Password"] = Reader,
        ["ProjectName"] = Reader,
        ["Endpoint"] = swift.Address.AbsoluteUri,
    };

    public static async Task<TroveStore> StartAsync()
    {
        var settings = RunningService.Settings();
        settings["Users"] = new JsonArray(User(Owner, "member"), User(Reader, "reader"), User(SwiftServer.Service, "admin"));
        var identity = await RunningService.StartAsync(settings);
        TroveStore? store = null;
        try
        {
            store = new TroveStore(identity, await SwiftServer.StartAsync(new Uri($"http://127.0.0.1:{identity.IdentityPort}/v3")));
            await store.MakeContainerAsync();
            return store;
        }
        catch
        {
            await (store?.DisposeAsync() ?? identity.DisposeAsync());
            throw;
        }
    }

    /// <summary>Writes a backup as a guest of Trove does.</summary>
    /// <returns>Where it is.</returns>
    public async Task<string> WriteAsync(string id, string file, string lsn, string? parent = null)
    {
        var content = await File.ReadAllBytesAsync(file);
        var segments = new List<(string Path, string Md5, int Bytes)>();
        foreach (var piece in content.Chunk(SegmentBytes))
        {
            var path = $"{Container}/{id}_{segments.Count.ToString("D8", CultureInfo.InvariantCulture)}";
            segments.Add((path, await PutAsync(path, piece), piece.Length));
        }

        var name = $"{Container}/{id}.xbstream.gz";
        var metadata = new Dictionary<string, string>
        {
            ["X-Object-Meta-lsn"] = lsn, ["X-Object-Meta-datastore"] = "mariadb", ["X-Object-Meta-datastore-version"] = "10.11",
        };
        if (parent is not null)
        {
            metadata["X-Object-Meta-parent-location"] = parent;
            metadata["X-Object-Meta-parent-checksum"] = await ChecksumAsync(parent);
        }

        if (segments is [var only])
        {
            await SendAsync(HttpMethod.Put, name, null, new(metadata) { ["X-Copy-From"] = only.Path });
            await SendAsync(HttpMethod.Delete, only.Path, null);
        }
        else
        {
            var manifest = JsonSerializer.SerializeToUtf8Bytes(
                segments.Select(one => new { path = "/" + one.Path, etag = one.Md5, size_bytes = one.Bytes }));
            await SendAsync(HttpMethod.Put, $"{name}?multipart-manifest=put", manifest, metadata);
        }

        return new Uri(account, name).AbsoluteUri;
    }

    /// <summary>Another content, of the same size, in a segment.</summary>
    public Task AlterAsync(string id) => PutAsync($"{Container}/{id}_00000001", new byte[SegmentBytes]);

    /// <summary>Whether the store has it.</summary>
    public async Task<bool> HasAsync(string location)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, location);
        using var answer = await http.SendAsync(request);
        return answer.StatusCode == HttpStatusCode.OK;
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await swift.DisposeAsync();
        await identity.DisposeAsync();
    }

    private static JsonObject User(string name, string role) => new()
    {
        ["Name"] = name, ["Password"] = name, ["Project"] = name, ["Roles"] = new JsonArray(role),
    };

    /// <summary>Its owner lets the other project read it.</summary>
    private async Task MakeContainerAsync()
    {
        var address = $"http://127.0.0.1:{identity.IdentityPort}/v3";
        using var reader = await TroveClient.LogInAsync(address, Reader, Reader, Reader);
        using var owner = await TroveClient.LogInAsync(address, Owner, Owner, Owner);
        http.DefaultRequestHeaders.Add("X-Auth-Token", owner.Token);
        account = new Uri(swift.Address, $"v1/AUTH_{owner.ProjectId}/");
        await SendAsync(HttpMethod.Put, Container, null, new() { ["X-Container-Read"] = $"{reader.ProjectId}:*" });
    }

    private async Task<string> ChecksumAsync(string location)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, location);
        using var answer = await http.SendAsync(request);
        return answer.Headers.GetValues("ETag").Single().Trim('"');
    }

    private async Task<string> PutAsync(string path, byte[] content)
    {
        await SendAsync(HttpMethod.Put, path, content);
#pragma warning disable CA5351 // Swift's own.
        return Convert.ToHexStringLower(MD5.HashData(content));
#pragma warning restore CA5351
    }

    private async Task SendAsync(HttpMethod method, string path, byte[]? content, Dictionary<string, string>? headers = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(account, path)) { Content = new ByteArrayContent(content ?? []) };
        foreach (var (name, value) in headers ?? [])
        {
            request.Headers.Add(name, value);
        }

        using var answer = await http.SendAsync(request);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{method} {path}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        }
    }
}
