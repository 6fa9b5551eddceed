namespace Dbaas.Datastores.Conformance;

/// <summary>The engine's words for what ordinary clients say in the cases.</summary>
public sealed record EngineWords
{
    /// <summary>Changes nothing and needs nothing.</summary>
    public required string DoNothing { get; init; }

    /// <summary>From here on what was read stays as it is.</summary>
    public required string Begin { get; init; }

    /// <summary>Makes a table of numbers in the database that the client is connected to.</summary>
    public required string CreateTable { get; init; }

    /// <summary>Reads it.</summary>
    public required string ReadTable { get; init; }

    /// <summary>Makes a table in another database; from a name and the table's.</summary>
    public required Func<string, string, string> CreateTableIn { get; init; }

    /// <summary>The connection's own number.</summary>
    public required string ConnectionNumber { get; init; }

    /// <summary>Ends another by its number.</summary>
    public required Func<int, string> EndConnection { get; init; }

    /// <summary>What owners of tables do with the rows of the tests from time to time; done or refused.</summary>
    public required IReadOnlyList<string> Maintain { get; init; }

    /// <summary>Makes code that belongs to who says it.</summary>
    public required string CreateCode { get; init; }

    /// <summary>Runs it.</summary>
    public required string CallCode { get; init; }

    /// <summary>Code of an ordinary user that tries more than he may.</summary>
    public required SneakingCode Sneaking { get; init; }
}
