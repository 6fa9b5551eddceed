using System.Text.Json;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Channel;

namespace Dbaas.GuestAgent;

/// <summary>From the command line to a running agent.</summary>
internal static class Startup
{
    /// <returns>The exit code: 0 when told to stop, 1 when the agent failed, 2 when its bootstrap document is of no use.</returns>
    public static async Task<int> RunAsync(FileInfo bootstrapFile, CancellationToken stopping)
    {
        var time = TimeProvider.System;
        var log = AgentLog.To(Console.Error, time);
        GuestBootstrap bootstrap;
        try
        {
            bootstrap = JsonSerializer.Deserialize<GuestBootstrap>(await File.ReadAllBytesAsync(bootstrapFile.FullName, stopping), ProtocolJson.Options)
                ?? throw new JsonException("it is empty");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            log($"The bootstrap document {bootstrapFile.FullName} cannot be read: {e.Message}");
            return 2;
        }

        if (!Datastores.All.TryGetValue(bootstrap.Datastore, out var create))
        {
            log($"This agent has no datastore {bootstrap.Datastore}; it has {string.Join(", ", Datastores.All.Keys)}.");
            return 2;
        }

        try
        {
            await new Agent(bootstrap, create, time, log).RunAsync(stopping);
            return 0;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception e)
        {
            log($"The agent failed: {e}");
            return 1;
        }
    }
}
