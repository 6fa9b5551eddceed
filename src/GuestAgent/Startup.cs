using System.Text.Json;
using Dbaas.GuestAgent.Channel;
using Dbaas.GuestAgent.Machine;
using Dbaas.GuestAgent.Processes;
using Dbaas.GuestAgent.Upgrade;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Channel;

namespace Dbaas.GuestAgent;

/// <summary>From the command line to a running agent.</summary>
internal static class Startup
{
    private static readonly TimeSpan BootstrapWithin = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    /// <param name="bootstrapFile">The bootstrap document; null: the machine is the agent's own, and is asked for it.</param>
    /// <param name="speaks">The versions of the guest protocol.</param>
    /// <param name="stopping">Ends the agent; the database is left running.</param>
    /// <returns>The exit code: 0 when told to stop, 1 when the agent failed, 2 when its bootstrap document is of no use.</returns>
    public static async Task<int> RunAsync(FileInfo? bootstrapFile, ProtocolRange speaks, CancellationToken stopping)
    {
        var time = TimeProvider.System;
        var log = AgentLog.To(new StandardErrorLog(), time);
        FileLimit.Raise();
        SystemTrust.LeaveOut();
        try
        {
            var bootstrap = bootstrapFile is null
                ? await MachineStart.FindBootstrapAsync(time, log, stopping)
                : await ReadAsync(bootstrapFile, time, log, stopping);
            if (bootstrap is null)
            {
                return 2;
            }

            if (!Datastores.All.TryGetValue(bootstrap.Datastore, out var create))
            {
                log($"This agent has no datastore {bootstrap.Datastore}; it has {string.Join(", ", Datastores.All.Keys)}.");
                return 2;
            }

            var slots = new Slots(bootstrap.StatePath);
            var slot = Environment.GetEnvironmentVariable(AgentStarter.SlotVariable);
            if (slot is null)
            {
                AgentStarter.BecomeCurrent(slots, time, log);
            }
            else if (!new Probation(slots, slot, log).IsAsNamed(AgentVersion.Text))
            {
                log($"This program calls itself {AgentVersion.Text}, which is not what was to be started.");
                return 1;
            }

            Action<int> settle = bootstrapFile is null ? DatabaseGroup.Ensure(log).Settle : _ => { };
            var bootId = bootstrapFile is null ? ProcessTable.BootId : null;
            await new Agent(bootstrap, create, settle, speaks, bootId, slot, time, log).RunAsync(stopping);
            AgentStarter.StartOver(log);
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

    /// <summary>The host writes the document once it has put this process under its limits: that may be a moment later.</summary>
    private static async Task<GuestBootstrap?> ReadAsync(FileInfo file, TimeProvider time, Action<string> log, CancellationToken stopping)
    {
        var since = time.GetTimestamp();
        while (!File.Exists(file.FullName) && time.GetElapsedTime(since) < BootstrapWithin)
        {
            await Task.Delay(LookEvery, time, stopping);
        }

        try
        {
            return JsonSerializer.Deserialize(await File.ReadAllBytesAsync(file.FullName, stopping), ProtocolJson.Of<GuestBootstrap>())
                ?? throw new JsonException("it is empty");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            log($"The bootstrap document {file.FullName} cannot be read: {e.Message}");
            return null;
        }
    }
}
