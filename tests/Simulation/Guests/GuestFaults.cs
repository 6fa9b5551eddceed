namespace Dbaas.Simulation.Guests;

/// <summary>What goes wrong in a guest that was asked for something.</summary>
public enum GuestTrouble
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It fails, and trying again may help.</summary>
    FailTransiently,

    /// <summary>It fails, and trying again would not help.</summary>
    FailForGood,

    /// <summary>The guest dies before it does anything, and stays dead.</summary>
    DieBefore,

    /// <summary>The guest does it, and dies before it has noted or said so; it stays dead.</summary>
    DieAfter,

    /// <summary>The guest does it, its agent crashes before it has noted so, and starts again.</summary>
    LoseAnswer,

    /// <summary>It takes its time.</summary>
    Delay,

    /// <summary>The guest does it, and says that it took too long: a database that starts slowly.</summary>
    DoAndFailTransiently,
}

/// <summary>The faults of simulated guests: configuration, not code.</summary>
public sealed class GuestFaults
{
    private readonly List<Rule> rules = [];

    /// <summary>Guests that never call, by their instance's name.</summary>
    public HashSet<string> Mute { get; } = [];

    /// <summary>Asked for each command that comes: true refuses it for good; null: none is refused.</summary>
    public Func<bool>? Refuses { get; set; }

    /// <summary>The next commands of this kind to the guest of this name meet trouble.</summary>
    /// <param name="name">Its instance's name.</param>
    /// <param name="kind">The commands' wire name.</param>
    /// <param name="trouble">What goes wrong.</param>
    /// <param name="times">How often.</param>
    /// <param name="delay">How long it takes, for <see cref="GuestTrouble.Delay"/>.</param>
    /// <param name="happens">What else happens when the command comes.</param>
    public void Add(string name, string kind, GuestTrouble trouble, int times = 1, TimeSpan delay = default, Action? happens = null) =>
        rules.Add(new Rule(name, kind, trouble, times, delay, happens));

    /// <summary>Nothing goes wrong from now on.</summary>
    public void Heal() => rules.Clear();

    internal (GuestTrouble Trouble, TimeSpan Delay) Take(string name, string kind)
    {
        if (Refuses?.Invoke() == true)
        {
            return (GuestTrouble.FailForGood, default);
        }

        var index = rules.FindIndex(rule => rule.Name == name && rule.Kind == kind);
        if (index < 0)
        {
            return (GuestTrouble.None, default);
        }

        var rule = rules[index];
        rule.Happens?.Invoke();
        rules[index] = rule with { Times = rule.Times - 1 };
        if (rule.Times == 1)
        {
            rules.RemoveAt(index);
        }

        return (rule.Trouble, rule.Delay);
    }

    private sealed record Rule(string Name, string Kind, GuestTrouble Trouble, int Times, TimeSpan Delay, Action? Happens);
}
