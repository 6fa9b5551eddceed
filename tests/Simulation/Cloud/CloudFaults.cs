using Dbaas.Cloud.Ports;

namespace Dbaas.Simulation.Cloud;

/// <summary>What goes wrong with a call.</summary>
public enum CloudTrouble
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It does nothing, and says that trying again may help.</summary>
    FailTransiently,

    /// <summary>It does nothing, and says that trying again would not help.</summary>
    FailForGood,

    /// <summary>It does what it was asked for, and the answer gets lost.</summary>
    LoseAnswer,
}

/// <summary>The faults of a simulated cloud: configuration, not code.</summary>
public sealed class CloudFaults(VirtualClock clock)
{
    private readonly List<Rule> rules = [];
    private readonly Dictionary<string, TimeSpan> absences = [];
    private DateTimeOffset awayUntil = DateTimeOffset.MinValue;

    /// <summary>Servers whose launch ends in ERROR, by name.</summary>
    public HashSet<string> Unlaunchable { get; } = [];

    /// <summary>Lists leave servers out, without saying so.</summary>
    public bool HideFromLists { get; set; }

    /// <summary>A flavor that no host has room for when a server is to be resized to it.</summary>
    public string? NoRoomFor { get; set; }

    /// <summary>No call is answered for a while.</summary>
    public void GoAway(TimeSpan time) => awayUntil = clock.Steady + time;

    /// <summary>The next call of this name, and all others for a while from then on, are not answered.</summary>
    public void GoAwayAt(string call, TimeSpan time) => absences[call] = time;

    /// <summary>The next calls of this name meet trouble.</summary>
    public void Add(string call, CloudTrouble trouble, int times = 1) => rules.Add(new Rule(call, trouble, times));

    /// <summary>Nothing goes wrong from now on.</summary>
    public void Heal()
    {
        rules.Clear();
        absences.Clear();
        awayUntil = DateTimeOffset.MinValue;
    }

    internal T Call<T>(string call, Func<T> act)
    {
        if (absences.Remove(call, out var absence))
        {
            GoAway(absence);
        }

        if (clock.Steady < awayUntil)
        {
            throw new CloudException("The cloud does not answer.", isTransient: true);
        }

        var trouble = Take(call);
        if (trouble is CloudTrouble.FailTransiently or CloudTrouble.FailForGood)
        {
            throw new CloudException($"The cloud refuses: {call}.", trouble == CloudTrouble.FailTransiently);
        }

        var result = act();
        return trouble == CloudTrouble.LoseAnswer ? throw new CloudException($"No answer: {call}.", isTransient: true) : result;
    }

    private CloudTrouble Take(string call)
    {
        var index = rules.FindIndex(rule => rule.Call == call);
        if (index < 0)
        {
            return CloudTrouble.None;
        }

        var rule = rules[index];
        rules[index] = rule with { Times = rule.Times - 1 };
        if (rule.Times == 1)
        {
            rules.RemoveAt(index);
        }

        return rule.Trouble;
    }

    private sealed record Rule(string Call, CloudTrouble Trouble, int Times);
}
