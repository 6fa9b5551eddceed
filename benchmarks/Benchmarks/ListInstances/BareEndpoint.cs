using System.Diagnostics;
using Dbaas.Benchmarks.Running;

namespace Dbaas.Benchmarks.ListInstances;

/// <summary>A running bare endpoint.</summary>
internal sealed class BareEndpoint : IAsyncDisposable
{
    private readonly Process process;

    private BareEndpoint(Process process, Uri url)
    {
        this.process = process;
        Url = url;
    }

    public Uri Url { get; }

    public static async Task<BareEndpoint> StartAsync(string databaseFile, string tenant, string root, CancellationToken cancellationToken)
    {
        var process = Programs.Start(
            Environment.ProcessPath!, ["bare-endpoint", "--database", databaseFile, "--tenant", tenant, "--root", root]);
        try
        {
            var url = await process.StandardOutput.ReadLineAsync(cancellationToken)
                ?? throw new InvalidOperationException(
                    $"The bare endpoint ended: {await process.StandardError.ReadToEndAsync(cancellationToken)}");
            return new BareEndpoint(process, new Uri(url));
        }
        catch
        {
            await Programs.EndAsync(process);
            process.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Programs.EndAsync(process);
        process.Dispose();
    }
}
