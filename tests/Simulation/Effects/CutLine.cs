using System.Runtime.InteropServices;

namespace Dbaas.Simulation.Effects;

/// <summary>
/// Lets one life of the worker pass so many points, and kills it at the next one. A point is before and after each effect; while a wait
/// only repeats itself its points count twice, not a hundred times.
/// </summary>
public sealed class CutLine(int cutAt) : IEffects
{
    private const int Remembered = 16;
    private const int Repeats = 2;
    private readonly Queue<string> last = new();
    private readonly Dictionary<string, int> seen = [];

    /// <summary>How many points were passed.</summary>
    public int Passed { get; private set; }

    /// <summary>Where it was cut; null: not (yet).</summary>
    public string? Where { get; private set; }

    /// <inheritdoc />
    public Task BeforeAsync(string effect) => PointAsync("before " + effect);

    /// <inheritdoc />
    public Task AfterAsync(string effect) => PointAsync("after " + effect);

    private Task PointAsync(string point)
    {
        // The dead do nothing: what a life would still do while its exception goes up does not happen either.
        if (Where is not null)
        {
            return Task.FromException(new CutException(Where));
        }

        if (!IsNews(point) || ++Passed <= cutAt)
        {
            return Task.CompletedTask;
        }

        Where = string.Join(", ", last);
        return Task.FromException(new CutException(Where));
    }

    private bool IsNews(string point)
    {
        last.Enqueue(point);
        if (last.Count > Remembered)
        {
            last.Dequeue();
        }

        return ++CollectionsMarshal.GetValueRefOrAddDefault(seen, string.Join(',', last), out _) <= Repeats;
    }
}
