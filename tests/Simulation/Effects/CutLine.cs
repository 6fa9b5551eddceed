namespace Dbaas.Simulation.Effects;

/// <summary>Lets one life of the worker pass so many points, and kills it at the next one. A point is before and after each effect.</summary>
public sealed class CutLine(int cutAt) : IEffects
{
    private const int Shown = 6;
    private readonly Queue<string> last = new();
    private int passed;

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

        last.Enqueue(point);
        if (last.Count > Shown)
        {
            last.Dequeue();
        }

        if (++passed <= cutAt)
        {
            return Task.CompletedTask;
        }

        Where = string.Join(", ", last);
        return Task.FromException(new CutException(Where));
    }
}
