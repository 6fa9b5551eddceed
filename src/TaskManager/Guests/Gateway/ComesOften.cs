namespace Dbaas.TaskManager.Guests.Gateway;

/// <summary>Every agent makes such a call all the time, and nobody waits for its answer: it may wait for company.</summary>
internal sealed record ComesOften
{
    public static ComesOften Mark { get; } = new();
}
