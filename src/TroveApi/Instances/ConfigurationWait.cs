using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Signals;

namespace Dbaas.TroveApi.Instances;

/// <summary>
/// In Trove the values of a group are in force when the request that brings them is answered, and its clients rely on that. Here they are
/// for whoever answers soon, and come later for the others.
/// </summary>
internal sealed class ConfigurationWait(IDatabase database, ControlSignals signals, TroveApiOptions options, TimeProvider time)
{
    // Where the operation runs in another process there is no news of it here.
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    /// <summary>Until this instance was seen to.</summary>
    public Task ForInstanceAsync(string id, CancellationToken cancellationToken) =>
        UntilAsync(unit => !InstanceConfigurations.IsDue(unit, id), cancellationToken);

    /// <summary>Until all that use this group were seen to.</summary>
    public Task ForGroupAsync(string configurationId, CancellationToken cancellationToken) =>
        UntilAsync(unit => !InstanceConfigurations.AnyDue(unit, configurationId), cancellationToken);

    private async Task UntilAsync(Func<IUnit, bool> isOver, CancellationToken cancellationToken)
    {
        using var news = signals.ListenForOperations();
        var started = time.GetTimestamp();
        while (options.ConfigurationPatience - time.GetElapsedTime(started) is var left && left > TimeSpan.Zero
            && !await database.ReadAsync(isOver, cancellationToken))
        {
            await news.WaitAsync(left < LookAgain ? left : LookAgain, cancellationToken);
        }
    }
}
