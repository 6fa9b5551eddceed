namespace Dbaas.TaskManager.Guests.Gateway;

/// <summary>Marks the one route that asks for no certificate.</summary>
internal sealed class OpenToStrangers
{
    public static OpenToStrangers Mark { get; } = new();
}
