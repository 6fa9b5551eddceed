using Dbaas.Datastores.Conformance.Cases;

namespace Dbaas.Datastores.Conformance;

/// <summary>The engine's words for what ordinary clients say in the cases.</summary>
public sealed record EngineWords
{
    /// <summary>Changes nothing and needs nothing.</summary>
    public required string DoNothing { get; init; }

    /// <summary>From here on what was read stays as it is.</summary>
    public required string Begin { get; init; }

    /// <summary>What was said since <see cref="Begin"/> is done.</summary>
    public required string Commit { get; init; }

    /// <summary>
    /// Tables of every kind that an ordinary user can make here, and what depends on them: how each is made and filled, and what is asked
    /// to see that it is the same elsewhere.
    /// </summary>
    public required IReadOnlyList<(IReadOnlyList<string> Statements, string Query)> Kinds { get; init; }

    /// <summary>
    /// Tables with odd names, and what fills one of them by itself, all the time, on every server where such things act.
    /// </summary>
    public required IReadOnlyList<string> Restless { get; init; }

    /// <summary>The table that fills itself.</summary>
    public required string RestlessTable { get; init; }

    /// <summary>One row more in each of these; from its number.</summary>
    public required IReadOnlyList<Func<int, string>> Grow { get; init; }

    /// <summary>Tables that come, change and go, over and over: what is said in one round.</summary>
    public required IReadOnlyList<string> Reshape { get; init; }

    /// <summary>Takes away what a round leaves that ended anywhere.</summary>
    public required IReadOnlyList<string> Clear { get; init; }

    /// <summary>Makes a table that is changed then, with so many rows.</summary>
    public required IReadOnlyList<string> MakeChanging { get; init; }

    /// <summary>How many.</summary>
    public required int ChangingRows { get; init; }

    /// <summary>Counts them, by all that they hold.</summary>
    public required string CountChanging { get; init; }

    /// <summary>What is said in one round of a change; after it the table is as before.</summary>
    public required Func<TableChange, IReadOnlyList<string>> Change { get; init; }

    /// <summary>Takes away what a round leaves that ended anywhere.</summary>
    public required IReadOnlyList<string> ClearChanging { get; init; }

    /// <summary>Prepares a transaction that does this, for somebody else to end; from its name and what it does.</summary>
    public required Func<string, string, IReadOnlyList<string>> Prepare { get; init; }

    /// <summary>Ends one by its name: it is done.</summary>
    public required Func<string, string> CommitPrepared { get; init; }

    /// <summary>Ends one by its name: nothing of it is done.</summary>
    public required Func<string, string> RollbackPrepared { get; init; }

    /// <summary>In what the engine says of a name that nobody can end now.</summary>
    public required string NoPrepared { get; init; }

    /// <summary>Nobody else reads or writes the rows of the tests while the connection lives.</summary>
    public required string LockRows { get; init; }

    /// <summary>Changes the rows of the tests, and is not done within ten minutes.</summary>
    public required string ChangeForLong { get; init; }

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

    /// <summary>Takes more than a second.</summary>
    public required string TakeLong { get; init; }

    /// <summary>Repeats a text.</summary>
    public required Func<string, string> Say { get; init; }

    /// <summary>Statements with a password, done or refused; from the password.</summary>
    public required Func<string, IReadOnlyList<string>> SayPassword { get; init; }

    /// <summary>Parameters with which a user could have other logs than were asked for.</summary>
    public required IReadOnlyDictionary<string, string> OtherLogs { get; init; }

    /// <summary>Makes code that belongs to who says it.</summary>
    public required string CreateCode { get; init; }

    /// <summary>Runs it.</summary>
    public required string CallCode { get; init; }

    /// <summary>Code of an ordinary user that tries more than he may.</summary>
    public required SneakingCode Sneaking { get; init; }
}
