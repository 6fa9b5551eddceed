using Dbaas.Domain.Nodes;
using Dbaas.Persistence.Rows;
using Dbaas.Persistence.Tests.Support;

namespace Dbaas.Persistence.Tests;

/// <summary>Who is there, by the database's clock.</summary>
public abstract class NodeTests(ControlDatabase on)
{
    private readonly Node node = new() { Program = "task-manager", Name = on.Ids.NewId(), Gateway = "https://192.0.2.1:1", Version = "1" };

    [Fact]
    public async Task A_name_is_had_by_one_node_that_is_alive()
    {
        Assert.True(await EnterAsync("here"));
        Assert.False(await EnterAsync("elsewhere"));
        Assert.True(await on.Write(unit => NodeRows.TryEnter(unit, node with { Program = "trove-api" }, "elsewhere")));
        Assert.True(await BeatAsync("here"));
        Assert.False(await BeatAsync("elsewhere"));

        await on.Write(unit => NodeRows.Leave(unit, node.Program, node.Name, "elsewhere"));
        Assert.False(await EnterAsync("elsewhere"));
        await on.Write(unit => NodeRows.Leave(unit, node.Program, node.Name, "here"));
        Assert.True(await EnterAsync("elsewhere"));
    }

    [Fact]
    public async Task One_that_was_killed_comes_back_to_its_place_at_once_and_loses_it_to_another_only_when_it_is_dead()
    {
        Assert.True(await EnterAsync("here"));
        Assert.True(await EnterAsync("here"));

        await LastHeardOfAsync(Node.DeadAfter - TimeSpan.FromSeconds(5));
        Assert.False(await EnterAsync("elsewhere"));
        Assert.Contains(await on.Read(NodeRows.Alive), one => one.Name == node.Name && one.Gateway == node.Gateway);

        await LastHeardOfAsync(Node.DeadAfter + TimeSpan.FromSeconds(5));
        Assert.DoesNotContain(await on.Read(NodeRows.Alive), one => one.Name == node.Name);
        Assert.True(await EnterAsync("elsewhere"));
        Assert.False(await BeatAsync("here"));
    }

    [Fact]
    public async Task A_clock_that_was_set_back_keeps_no_dead_node_alive()
    {
        Assert.True(await EnterAsync("here"));
        await LastHeardOfAsync(TimeSpan.FromHours(-1));

        Assert.True(await EnterAsync("elsewhere"));
    }

    [Fact]
    public async Task A_dead_node_is_remembered_for_a_day()
    {
        Assert.True(await EnterAsync("here"));
        await LastHeardOfAsync(TimeSpan.FromHours(23));
        await on.Write(NodeRows.ForgetOld);
        Assert.NotNull(await FindAsync());

        await LastHeardOfAsync(TimeSpan.FromHours(25));
        await on.Write(NodeRows.ForgetOld);
        Assert.Null(await FindAsync());
    }

    private Task<bool> EnterAsync(string seat) => on.Write(unit => NodeRows.TryEnter(unit, node, seat));

    private Task<bool> BeatAsync(string seat) => on.Write(unit => NodeRows.Beat(unit, node.Program, node.Name, seat));

    private Task<Node?> FindAsync() => on.Read(unit => NodeRows.Find(unit, node.Program, node.Name));

    private Task<int> LastHeardOfAsync(TimeSpan ago) => on.Write(unit => unit.Execute(
        $"UPDATE nodes SET last_seen = {unit.Dialect.Now} - @ago WHERE name = @Name",
        new { ago = (long)ago.TotalMilliseconds, node.Name }));
}

public sealed class NodeTestsOnSqlite(SqliteControlDatabase on) : NodeTests(on), IClassFixture<SqliteControlDatabase>;

public sealed class NodeTestsOnMariaDb(MariaDbControlDatabase on) : NodeTests(on), IClassFixture<MariaDbControlDatabase>;

public sealed class NodeTestsOnMySql(MySqlControlDatabase on) : NodeTests(on), IClassFixture<MySqlControlDatabase>;
