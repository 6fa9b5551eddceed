using Dbaas.Cloud.Ports;

namespace Dbaas.Simulation.Effects;

/// <summary>
/// Of everything that a cloud or a guest is asked for, those of these numbers are refused for good. Nothing of them happens.
/// </summary>
public sealed class Refusals(params int[] numbers) : IEffects
{
    /// <summary>How much was asked for so far.</summary>
    public int Asked { get; private set; }

    /// <inheritdoc />
    public Task BeforeAsync(string effect) =>
        effect is not ("read" or "write") && IsRefused()
            ? Task.FromException(new CloudException($"The cloud refuses: {effect}.", isTransient: false))
            : Task.CompletedTask;

    /// <inheritdoc />
    public Task AfterAsync(string effect) => Task.CompletedTask;

    /// <summary>And whatever comes after the first of them.</summary>
    public bool AndAllAfter { get; init; }

    /// <summary>Something more is asked for.</summary>
    public bool IsRefused()
    {
        var number = Asked++;
        return numbers.Contains(number) || (AndAllAfter && number > numbers[0]);
    }

    /// <inheritdoc />
    public override string ToString() => string.Join(" and ", numbers) + (AndAllAfter ? " and all after" : "");
}
