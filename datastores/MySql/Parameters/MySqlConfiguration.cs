using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Server;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.Datastores.MySql.Parameters;

/// <summary>
/// Another configuration group, or other values in it. The running server is asked first: it knows what it takes, and what it can change
/// only by a start.
/// </summary>
internal sealed class MySqlConfiguration(
    ServerConnections connections, MemberStore member, ServerOptions options, ConfigurationTrial trial, Turns turns) : IConfiguration
{
    public Task<ConfigurationApplied> ApplyAsync(IReadOnlyDictionary<string, string> values, CancellationToken cancellationToken) =>
        turns.CallAsync(() => ChangeAsync(values, cancellationToken));

    private async Task<ConfigurationApplied> ChangeAsync(IReadOnlyDictionary<string, string> values, CancellationToken cancellationToken)
    {
        var asked = member.Settings ?? throw Faults.Precondition("This instance was not prepared.");
        await using var session = await connections.OpenAsync(cancellationToken);
        await KeepShapeAsync(session, asked with { Configuration = values }, cancellationToken);
        await trial.LookAsync(session, cancellationToken);
        var now = member.Settings!;
        var started = Of(now.Former ?? now.Configuration);
        var (before, wanted) = (Of(now.Configuration), Of(values));

        // What the server has of each is one of these, however often this was cut off.
        var changes = ParameterChanges.Between([started, before, Of(now.Trying ?? values)], wanted);
        member.Settings = now with { Trying = values };
        var atStart = await SetAsync(session, changes, before, wanted, cancellationToken);
        var differ = ParameterChanges.Between([started], wanted);
        var isAsStarted = differ.Count == 0;
        member.Settings = now with
        {
            Configuration = values,
            Former = isAsStarted ? null : now.Former ?? now.Configuration,
            Trying = null,
            Changes = now.Changes + 1,
            WaitForRestart = [.. atStart.Where(differ.Contains)],
            GivenUp = null,
        };
        options.Write();
        return new ConfigurationApplied(member.Settings.WaitForRestart);

        IReadOnlyDictionary<string, string> Of(IReadOnlyDictionary<string, string> configuration) =>
            options.Of(now with { Configuration = configuration });
    }

    /// <summary>Whatever a group says, or says no more: no server with another shape can read the data.</summary>
    private async Task KeepShapeAsync(Session session, ServerSettings asked, CancellationToken cancellationToken)
    {
        var shape = await DataShape.ReadAsync(session, cancellationToken);
        DataShape.Check(shape, asked, "This instance's");
        if (!shape.Keys.All(member.State.Shape.ContainsKey))
        {
            member.Change(state => state with { Shape = shape });
        }
    }

    /// <returns>Those that the server cannot change while it runs.</returns>
    private async Task<IReadOnlyList<string>> SetAsync(
        Session session,
        IReadOnlyList<string> names,
        IReadOnlyDictionary<string, string> before,
        IReadOnlyDictionary<string, string> wanted,
        CancellationToken cancellationToken)
    {
        // As at a start, where the engine rounds what it cannot have exactly.
        await session.ExecuteAsync("SET SESSION sql_mode = ''", cancellationToken);
        var (set, atStart) = (new List<string>(), new List<string>());
        foreach (var name in names)
        {
            try
            {
                await session.ExecuteAsync(ParameterChanges.Statement(name, wanted.GetValueOrDefault(name)), cancellationToken);
                set.Add(name);
            }
            catch (DatastoreException e) when (ParameterChanges.IsForStart(e))
            {
                atStart.Add(name);
            }
            catch (DatastoreException e) when (e.Kind is not FaultKind.Transient)
            {
                await PutBackAsync(session, set, before, cancellationToken);
                member.Settings = member.Settings! with { Trying = null };
                throw Faults.Precondition($"The value of the parameter {name} is refused: {wanted.GetValueOrDefault(name)}. {e.Message}");
            }
        }

        return atStart;
    }

    private static async Task PutBackAsync(
        Session session, IReadOnlyList<string> names, IReadOnlyDictionary<string, string> before, CancellationToken cancellationToken)
    {
        foreach (var name in ParameterChanges.Order(names, before))
        {
            await session.ExecuteAsync(ParameterChanges.Statement(name, before.GetValueOrDefault(name)), cancellationToken);
        }
    }
}
