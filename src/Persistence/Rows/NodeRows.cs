using Dbaas.Domain.Nodes;

namespace Dbaas.Persistence.Rows;

/// <summary>The programs of the control plane that run. All times are the database's.</summary>
public static class NodeRows
{
    // What is further ahead than this was written before the database's clock was set back.
    private static readonly long Far = (long)TimeSpan.FromMinutes(10).TotalMilliseconds;

    // A row of a node that is not coming back is of use to whoever looks for it, for a while.
    private static readonly long Remembered = (long)TimeSpan.FromDays(1).TotalMilliseconds;

    /// <summary>A node begins, or goes on after its row was lost. A name is had by one that runs only.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="node">The node.</param>
    /// <param name="seat">The same at each start from the same place, and at no other place: whoever was there before is gone.</param>
    /// <returns>False: another one of this name is alive.</returns>
    public static bool TryEnter(IUnit unit, Node node, string seat)
    {
        unit.Execute(
            $"""
            INSERT INTO nodes (program, name, seat, address, gateway, version, started, last_seen)
            VALUES (@Program, @Name, @seat, @Address, @Gateway, @Version, {unit.Dialect.Now}, {unit.Dialect.Now})
            {unit.Dialect.UnlessExists("program")}
            """,
            new { node.Program, node.Name, seat, node.Address, node.Gateway, node.Version });
        return unit.Execute(
            $"""
            UPDATE nodes SET seat = @seat, address = @Address, gateway = @Gateway, version = @Version,
              started = {unit.Dialect.Now}, last_seen = {unit.Dialect.Now}
            WHERE program = @Program AND name = @Name
              AND (seat = @seat OR last_seen < {unit.Dialect.Now} - @dead OR last_seen > {unit.Dialect.Now} + @far)
            """,
            new { node.Program, node.Name, seat, node.Address, node.Gateway, node.Version, dead = Dead, far = Far }) == 1;
    }

    /// <summary>The node is there.</summary>
    /// <returns>False: its row is gone, or another node's.</returns>
    public static bool Beat(IUnit unit, string program, string name, string seat) =>
        unit.Execute(
            $"UPDATE nodes SET last_seen = {unit.Dialect.Now} WHERE program = @program AND name = @name AND seat = @seat",
            new { program, name, seat }) == 1;

    /// <summary>The node ends.</summary>
    public static void Leave(IUnit unit, string program, string name, string seat) =>
        unit.Execute(
            "DELETE FROM nodes WHERE program = @program AND name = @name AND seat = @seat", new { program, name, seat });

    /// <summary>Forgets nodes that were not heard of for a day.</summary>
    public static void ForgetOld(IUnit unit) =>
        unit.Execute($"DELETE FROM nodes WHERE last_seen < {unit.Dialect.Now} - @Remembered", new { Remembered });

    /// <summary>The node of this name, alive or not; null: there is none.</summary>
    public static Node? Find(IUnit unit, string program, string name) =>
        unit.First<Node>(
            """
            SELECT program, name, address, gateway, version, started, last_seen FROM nodes WHERE program = @program AND name = @name
            """,
            new { program, name });

    /// <summary>Those that are alive.</summary>
    public static IReadOnlyList<Node> Alive(IUnit unit) =>
        unit.Query<Node>(
            $"""
            SELECT program, name, address, gateway, version, started, last_seen FROM nodes
            WHERE last_seen >= {unit.Dialect.Now} - @dead ORDER BY program, name
            """,
            new { dead = Dead });

    /// <summary>Where guests reach those that are alive.</summary>
    public static IReadOnlyList<string> Gateways(IUnit unit) =>
        [.. Alive(unit).Select(node => node.Gateway).OfType<string>().Distinct().Order(StringComparer.Ordinal)];

    private static long Dead => (long)Node.DeadAfter.TotalMilliseconds;
}
