namespace Dbaas.GuestProtocol.Commands;

/// <summary>
/// The server gets the values of a configuration group, all of them: at once where the engine can change them while it runs, and with its
/// next start in any case. A value that the engine refuses changes nothing.
/// </summary>
public sealed record ApplyConfiguration : GuestCommand
{
    /// <summary>Engine parameter to value; empty: there is no group any more.</summary>
    public required IReadOnlyDictionary<string, string> Configuration { get; init; }
}

/// <summary>What became of the values.</summary>
/// <param name="WaitForRestart">Names of those that come with the next start, in order.</param>
public sealed record ConfigurationApplied(IReadOnlyList<string> WaitForRestart);
