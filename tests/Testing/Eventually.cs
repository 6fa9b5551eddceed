using System.Diagnostics;

namespace Dbaas.Testing;

/// <summary>Waits on a condition with a deadline whose message says what was expected and what was seen last.</summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Looks until <paramref name="accept"/> is content with what it sees.</summary>
    public static async Task<T> SeeAsync<T>(
        string expected, TimeSpan within, Func<Task<T>> look, Func<T, bool> accept)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            object? seen;
            try
            {
                var value = await look();
                if (accept(value))
                {
                    return value;
                }

                seen = value;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                seen = $"{e.GetType().Name}: {e.Message}";
            }

            if (watch.Elapsed > within)
            {
                throw new TimeoutException($"Not within {within.TotalSeconds:0.#} s: {expected}. Last seen: {seen ?? "nothing"}");
            }

            await Task.Delay(Pause);
        }
    }

    /// <summary>Looks until the condition holds.</summary>
    public static Task HoldsAsync(string expected, TimeSpan within, Func<Task<bool>> condition) =>
        SeeAsync(expected, within, condition, held => held);

    /// <summary>Looks until the condition holds.</summary>
    public static Task HoldsAsync(string expected, TimeSpan within, Func<bool> condition) =>
        SeeAsync(expected, within, () => Task.FromResult(condition()), held => held);
}
