using System.Collections.Concurrent;

namespace Dbaas.Persistence.Signals;

/// <summary>
/// Tells waiters in this process that something about a key has changed, so that nobody polls quickly.
/// Subscribe first, then look, then wait: what happens between is not missed. Other processes are seen by looking again at the timeout.
/// </summary>
public sealed class Signal
{
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<Subscription, bool>> waiting = new();

    /// <summary>Begins to listen; dispose of it when done.</summary>
    public Subscription Subscribe(string key)
    {
        var subscription = new Subscription(this, key);
        lock (waiting)
        {
            waiting.GetOrAdd(key, _ => new()).TryAdd(subscription, true);
        }

        return subscription;
    }

    /// <summary>Something has changed.</summary>
    public void Set(string key)
    {
        if (waiting.TryGetValue(key, out var subscriptions))
        {
            foreach (var subscription in subscriptions.Keys)
            {
                subscription.Wake();
            }
        }
    }

    /// <summary>What somebody listens to now.</summary>
    public IReadOnlyCollection<string> Keys => [.. waiting.Keys];

    internal void Remove(Subscription subscription)
    {
        lock (waiting)
        {
            if (waiting.TryGetValue(subscription.Key, out var subscriptions))
            {
                subscriptions.TryRemove(subscription, out _);
                if (subscriptions.IsEmpty)
                {
                    waiting.TryRemove(subscription.Key, out _);
                }
            }
        }
    }
}
