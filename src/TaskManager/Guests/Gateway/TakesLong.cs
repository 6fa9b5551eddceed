namespace Dbaas.TaskManager.Guests.Gateway;

/// <summary>Marks the route whose answer is large.</summary>
internal sealed record TakesLong(TimeSpan Limit);
