namespace Dbaas.OpenStack.Tier;

/// <summary>Who was at work when.</summary>
internal sealed class Timeline
{
    private readonly List<(DateTimeOffset Began, DateTimeOffset Ended)> _busy = [];

    public void Add(DateTimeOffset began, DateTimeOffset ended) => _busy.Add((began, ended));

    /// <summary>How much of a time nobody of them was at work in.</summary>
    public TimeSpan IdleIn(DateTimeOffset began, DateTimeOffset ended)
    {
        var (idle, reached) = (TimeSpan.Zero, began);
        foreach (var (from, to) in _busy.OrderBy(one => one.Began))
        {
            if (from > reached)
            {
                idle += (from < ended ? from : ended) - reached;
            }

            reached = to > reached ? to : reached;
            if (reached >= ended)
            {
                return idle;
            }
        }

        return idle + (ended - reached);
    }
}
