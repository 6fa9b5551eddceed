namespace Dbaas.TaskManager.Guests.Gateway;

/// <summary>Marks the one route that takes a certificate which has run out, for a while: the one where it is exchanged.</summary>
internal sealed class OpenToLatecomers
{
    public static OpenToLatecomers Mark { get; } = new();
}
