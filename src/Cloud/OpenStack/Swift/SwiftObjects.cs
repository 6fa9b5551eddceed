using System.Globalization;
using System.Net;
using Dbaas.Cloud.OpenStack.Session;
using Dbaas.Cloud.Ports;
using Dbaas.Keystone;

namespace Dbaas.Cloud.OpenStack.Swift;

/// <summary>
/// Objects in a container of a Swift. We show a token; agents get addresses that are signed with a key which the container has.
/// </summary>
public sealed class SwiftObjects : IObjects, IDisposable
{
    private readonly SwiftOptions options;
    private readonly TimeProvider time;
    private readonly HttpClient http;
    private readonly CloudSession session;
    private readonly SemaphoreSlim oneMaker = new(1);
    private volatile bool isMade;

    public SwiftObjects(SwiftOptions options, TimeProvider time)
    {
        (this.options, this.time) = (options, time);
        http = CloudHttp.Create(options.Account.CaFile);
        session = new CloudSession(http, options, time);
    }

    /// <inheritdoc />
    public async Task<ObjectAddress> AddressAsync(
        StoredName name, ObjectUse use, TimeSpan goodFor, CancellationToken cancellationToken)
    {
        await MakeContainerAsync(cancellationToken);
        var account = await session.EndpointOfAsync(CloudService.Objects, cancellationToken);
        var method = use == ObjectUse.Write ? HttpMethod.Put : HttpMethod.Get;
        return new ObjectAddress(
            TemporaryAddress.Of(new Uri(account, PathOf(name)), method, time.GetUtcNow() + goodFor, options.AddressKey),
            use == ObjectUse.Write ? new Dictionary<string, string> { ["If-None-Match"] = "*" } : []);
    }

    /// <inheritdoc />
    public async Task WriteAsync(StoredName name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await MakeContainerAsync(cancellationToken);
        (await SendAsync(
            new CloudRequest(CloudService.Objects, HttpMethod.Put, PathOf(name), "write an object") { Content = content },
            cancellationToken)).Required();
    }

    /// <inheritdoc />
    public async Task<byte[]?> ReadAsync(StoredName name, int most, CancellationToken cancellationToken)
    {
        var request = new CloudRequest(CloudService.Objects, HttpMethod.Get, PathOf(name), "read an object")
        {
            // One byte more than allowed says that it is too large.
            Headers = new Dictionary<string, string> { ["Range"] = string.Create(CultureInfo.InvariantCulture, $"bytes=0-{most}") },
        };
        var reply = await SendAsync(request, cancellationToken);
        return reply switch
        {
            { IsMissing: true } => null,
            { Status: HttpStatusCode.RequestedRangeNotSatisfiable } => [],
            _ when reply.Content.Length > most =>
                throw new CloudException($"The object {name.Name} is larger than {most} bytes.", isTransient: false),
            _ => reply.Content,
        };
    }

    /// <inheritdoc />
    public async Task<long?> SizeAsync(StoredName name, CancellationToken cancellationToken)
    {
        var reply = await SendAsync(
            new CloudRequest(CloudService.Objects, HttpMethod.Head, PathOf(name), "find an object"), cancellationToken);
        return reply.IsMissing ? null : reply.Required().Length;
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<StoredObject>> ListAsync(string place, CancellationToken cancellationToken)
    {
        var found = new List<StoredObject>();
        for (var (prefix, marker) = ($"{place}/", ""); ;)
        {
            var query = $"{options.Container}?format=json&prefix={Uri.EscapeDataString(prefix)}&marker={Uri.EscapeDataString(marker)}";
            var reply = await SendAsync(
                new CloudRequest(CloudService.Objects, HttpMethod.Get, query, "list objects"), cancellationToken);
            if (reply.IsMissing || reply.Read(SwiftJson.Default.IReadOnlyListSwiftObject) is not [.., var last] page)
            {
                return [.. found.OrderBy(one => one.Name.Name, StringComparer.Ordinal)];
            }

            found.AddRange(page.Select(one => new StoredObject(new StoredName(place, one.Name[prefix.Length..]), one.Bytes)));
            marker = last.Name;
        }
    }

    /// <inheritdoc />
    public async Task DeleteAsync(StoredName name, CancellationToken cancellationToken)
    {
        var reply = await SendAsync(
            new CloudRequest(CloudService.Objects, HttpMethod.Delete, PathOf(name), "delete an object"), cancellationToken);
        if (!reply.IsMissing)
        {
            reply.Required();
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        oneMaker.Dispose();
        session.Dispose();
        http.Dispose();
    }

    private string PathOf(StoredName name) => $"{options.Container}/{name.Place}/{name.Name}";

    private Task<CloudReply> SendAsync(CloudRequest request, CancellationToken cancellationToken) =>
        session.SendAsync(request, cancellationToken);

    /// <summary>Once for each process, before the first use: the key may be a new one.</summary>
    private async Task MakeContainerAsync(CancellationToken cancellationToken)
    {
        if (isMade)
        {
            return;
        }

        await oneMaker.WaitAsync(cancellationToken);
        try
        {
            if (!isMade)
            {
                var request = new CloudRequest(CloudService.Objects, HttpMethod.Put, options.Container, "make the container of backups")
                {
                    Headers = new Dictionary<string, string> { ["X-Container-Meta-Temp-URL-Key"] = options.AddressKey },
                };
                (await SendAsync(request, cancellationToken)).Required();
                isMade = true;
            }
        }
        finally
        {
            oneMaker.Release();
        }
    }
}
