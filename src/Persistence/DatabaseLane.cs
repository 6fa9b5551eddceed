namespace Dbaas.Persistence;

/// <summary>Whose units wait for one another's turn. Each lane has its own threads, so that a crowd in one holds up no other.</summary>
public enum DatabaseLane
{
    /// <summary>Requests of users, and upkeep.</summary>
    Requests,

    /// <summary>Operations: a worker whose units wait too long loses its claims.</summary>
    Engine,

    /// <summary>Agents: as many as there are instances.</summary>
    Agents,
}
