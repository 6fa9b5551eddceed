using System.Collections;
using Dbaas.GuestAgent.Processes;

namespace Dbaas.GuestAgent.Upgrade;

/// <summary>
/// The program that the server came with is what the host starts, each time. It looks which release is this server's agent, and becomes
/// that. A release that has yet to prove itself gets an alarm first: when it hangs, the kernel ends it, the host starts this program again,
/// and the old one is back. So nothing of a new release is needed to get rid of it.
/// </summary>
internal static class AgentStarter
{
    /// <summary>In the environment of a release that was started from a slot: the slot's name.</summary>
    public const string SlotVariable = "DBAAS_AGENT_SLOT";

    private const string FirstVariable = "DBAAS_AGENT_PROGRAM";

    /// <summary>Returns when this very program is the agent.</summary>
    public static void BecomeCurrent(Slots slots, TimeProvider time, Action<string> log)
    {
        var record = slots.Read();
        while (true)
        {
            var choice = SlotChoice.Of(record, time.GetUtcNow());
            if (choice.Record != record && !TryWrite(slots, choice.Record, log))
            {
                // A start that cannot be counted is none: the old one goes on.
                choice = new SlotChoice(record, record.Current, EndsInSeconds: null);
            }

            if (choice.Release is not { } release)
            {
                return;
            }

            log($"The agent {release.Version} is started from slot {release.Slot}.");
            ProgramSwitch.EndIn(choice.EndsInSeconds ?? 0);
            var variables = Variables();
            variables[SlotVariable] = release.Slot;
            variables[FirstVariable] = Environment.ProcessPath!;
            var problem = ProgramSwitch.Become(slots.PathOf(release.Slot), Environment.GetCommandLineArgs()[1..], variables);
            ProgramSwitch.EndIn(0);
            log($"The agent {release.Version} in slot {release.Slot} cannot be started: {problem}");
            record = choice.EndsInSeconds is null
                ? choice.Record with { Current = null }
                : SlotChoice.GiveUp(choice.Record, $"it cannot be started ({problem})");
            TryWrite(slots, record, log);
        }
    }

    /// <summary>
    /// This agent gives way: the process becomes the program that the server came with, which looks again. Returns when that is not
    /// possible; then the host starts it.
    /// </summary>
    public static void StartOver(Action<string> log)
    {
        var variables = Variables();
        variables.Remove(SlotVariable);
        var first = variables.TryGetValue(FirstVariable, out var path) ? path : Environment.ProcessPath!;
        log($"{first} cannot be started: {ProgramSwitch.Become(first, Environment.GetCommandLineArgs()[1..], variables)}");
    }

    private static bool TryWrite(Slots slots, SlotRecord record, Action<string> log)
    {
        try
        {
            slots.Write(record);
            return true;
        }
        catch (IOException e)
        {
            log($"Which agent is to be started cannot be written down: {e.Message}");
            return false;
        }
    }

    private static Dictionary<string, string> Variables() => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "");
}
