namespace Dbaas.TaskManager.Engine;

/// <summary>The claim on an operation has passed to another worker: stop, and leave everything as it is.</summary>
public sealed class ClaimLostException(string operationId) : Exception($"The claim on operation {operationId} is lost.");
