namespace Dbaas.Simulation.Effects;

/// <summary>Is told of everything that reaches beyond the one who does it: units of work, cloud calls, acts of guests.</summary>
public interface IEffects
{
    /// <summary>It is about to happen.</summary>
    Task BeforeAsync(string effect);

    /// <summary>It has happened.</summary>
    Task AfterAsync(string effect);
}

/// <summary>Shorthand.</summary>
public static class EffectsExtensions
{
    /// <summary>Does something that has an effect.</summary>
    public static async Task<T> DoAsync<T>(this IEffects effects, string effect, Func<Task<T>> act)
    {
        await effects.BeforeAsync(effect);
        var result = await act();
        await effects.AfterAsync(effect);
        return result;
    }

    /// <summary>Does something that has an effect.</summary>
    public static Task DoAsync(this IEffects effects, string effect, Func<Task> act) =>
        effects.DoAsync(
            effect,
            async () =>
            {
                await act();
                return true;
            });
}
