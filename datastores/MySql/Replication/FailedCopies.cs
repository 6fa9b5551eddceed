using System.Collections.Concurrent;
using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Server;

namespace Dbaas.Datastores.MySql.Replication;

/// <summary>
/// Copies that the engine or its tool gave up, not the path or the reader: that may be bad luck, but not for ever. Known as long as this
/// agent lives.
/// </summary>
internal sealed class FailedCopies
{
    private const int Most = 3;

    private readonly ConcurrentDictionary<string, int> _times = new();

    /// <summary>One more: a reason to try again, until it is the third.</summary>
    /// <param name="copy">Of which the tries are counted.</param>
    /// <param name="what">Begins the fault.</param>
    /// <param name="words">The engine's own.</param>
    public DatastoreException Note(string copy, string what, string words)
    {
        var times = _times.AddOrUpdate(copy, 1, (_, before) => before + 1);
        var text = $"{what}, {times} of {Most} times: {ErrorLog.Shortened(words)}";
        return times < Most ? Faults.Transient(text) : Faults.Precondition(text);
    }

    /// <summary>It was made, or nobody wants it any more.</summary>
    public void Forget(string copy) => _times.TryRemove(copy, out _);
}
