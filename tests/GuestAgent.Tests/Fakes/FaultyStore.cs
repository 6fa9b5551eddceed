using System.Collections.Concurrent;
using Dbaas.Cloud.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Dbaas.GuestAgent.Tests.Fakes;

/// <summary>
/// A store on the network that does what it is told to do wrong, and keeps an object that it has. (No real store can be told to.)
/// </summary>
internal sealed class FaultyStore : IObjects, IAsyncDisposable
{
    private readonly WebApplication server;
    private readonly ConcurrentDictionary<string, byte[]> kept = new();

    private FaultyStore(WebApplication server) => this.server = server;

    /// <summary>What goes wrong with a request: its method and the name of its object.</summary>
    public Func<string, string, StoreFault> Next { get; set; } = (_, _) => StoreFault.None;

    /// <summary>What went wrong so far.</summary>
    public ConcurrentQueue<StoreFault> Happened { get; } = new();

    public IReadOnlyDictionary<string, byte[]> Kept => kept;

    public static async Task<FaultyStore> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var store = new FaultyStore(app);
        app.Run(store.ServeAsync);
        await app.StartAsync();
        return store;
    }

    public Task<ObjectAddress> AddressAsync(StoredName name, ObjectUse use, TimeSpan goodFor, CancellationToken cancellationToken) =>
        Task.FromResult(new ObjectAddress($"{server.Urls.First()}/{name.Place}/{name.Name}", new Dictionary<string, string>()));

    public Task WriteAsync(StoredName name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<byte[]?> ReadAsync(StoredName name, int most, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<long?> SizeAsync(StoredName name, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<StoredObject>> ListAsync(string place, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task DeleteAsync(StoredName name, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private async Task ServeAsync(HttpContext context)
    {
        var fault = Next(context.Request.Method, Path.GetFileName(context.Request.Path.Value!));
        if (fault != StoreFault.None)
        {
            Happened.Enqueue(fault);
        }

        switch (fault)
        {
            case StoreFault.Unavailable:
                context.Response.StatusCode = 503;
                return;
            case StoreFault.TooMany:
                context.Response.StatusCode = 429;
                return;
            case StoreFault.Conflict:
                context.Response.StatusCode = 409;
                return;
            case StoreFault.Refused:
                context.Response.StatusCode = 403;
                return;
            case StoreFault.Hangs:
                await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
                return;
        }

        await (HttpMethods.IsPut(context.Request.Method) ? TakeAsync(context, fault) : GiveAsync(context, fault));
    }

    private async Task TakeAsync(HttpContext context, StoreFault fault)
    {
        if (fault == StoreFault.Cut)
        {
            await context.Request.Body.ReadAtLeastAsync(new byte[Random.Shared.Next(1, 5000)], 1, false, context.RequestAborted);
            context.Abort();
            return;
        }

        using var content = new MemoryStream();
        await context.Request.Body.CopyToAsync(content, context.RequestAborted);
        context.Response.StatusCode = kept.TryAdd(context.Request.Path, content.ToArray()) ? 201 : 412;
        if (fault == StoreFault.AnswerLost)
        {
            context.Abort();
        }
    }

    private async Task GiveAsync(HttpContext context, StoreFault fault)
    {
        if (!kept.TryGetValue(context.Request.Path, out var content))
        {
            context.Response.StatusCode = 404;
            return;
        }

        context.Response.ContentLength = content.Length;
        if (fault is StoreFault.Cut or StoreFault.AnswerLost)
        {
            await context.Response.Body.WriteAsync(content.AsMemory(0, Random.Shared.Next(content.Length)), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
            return;
        }

        await context.Response.Body.WriteAsync(content, context.RequestAborted);
    }
}

/// <summary>What a store does wrong.</summary>
internal enum StoreFault
{
    None,
    Unavailable,
    TooMany,

    /// <summary>Somebody else does something with the object just now.</summary>
    Conflict,
    Refused,

    /// <summary>It takes a request and never answers.</summary>
    Hangs,

    /// <summary>The connection ends in the middle.</summary>
    Cut,

    /// <summary>It does what it is asked to, and the connection ends before it says so.</summary>
    AnswerLost,
}
