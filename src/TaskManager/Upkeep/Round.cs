namespace Dbaas.TaskManager.Upkeep;

/// <summary>Goes round among many, a page at each look: one look costs no more, however many there are.</summary>
/// <param name="atOnce">Of a page.</param>
internal sealed class Round(int atOnce)
{
    /// <summary>How many are looked at.</summary>
    public int AtOnce => atOnce;

    /// <summary>The next page begins behind this id.</summary>
    public string After { get; private set; } = "";

    /// <summary>This page was looked at. Behind the last one comes the first again.</summary>
    public void Saw(IReadOnlyList<string> ids) => After = ids.Count < atOnce ? "" : ids[^1];
}
