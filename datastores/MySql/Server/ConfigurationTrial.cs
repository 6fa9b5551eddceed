using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Connections;

namespace Dbaas.Datastores.MySql.Server;

/// <summary>
/// Parameters that no server was seen starting with yet. What it was started with before is kept until then, and comes back when a start
/// fails: whatever a user writes into a configuration group, there is a server.
/// </summary>
internal sealed class ConfigurationTrial(DatastoreHost host, MemberStore member, ServerOptions options)
{
    /// <summary>There is something to see, or to go back to.</summary>
    public bool IsOn => member.Settings is { Former: not null };

    /// <summary>A server with this mark was started with them.</summary>
    public bool IsProvenBy(string? mark) => member.Settings is { Former: not null, Mark: { } wanted } && mark == wanted;

    /// <summary>Looks at a server that answers.</summary>
    public async Task LookAsync(Session session, CancellationToken cancellationToken)
    {
        if (IsOn)
        {
            Look(await session.TextAsync("SELECT @@GLOBAL.report_user", cancellationToken));
        }
    }

    /// <summary>Looks at a server with this mark.</summary>
    public void Look(string? mark)
    {
        if (IsProvenBy(mark))
        {
            member.Settings = member.Settings! with { Former = null, WaitForRestart = [] };
        }
    }

    /// <summary>The server does not start with them: the next start is with what it was started with before.</summary>
    /// <returns>False: there is nothing to go back to.</returns>
    public bool TryGoBack(string? reason)
    {
        if (member.Settings is not { Former: { } former } settings)
        {
            return false;
        }

        var why = "The database server did not start with the values of its configuration group, and was started with its former ones. "
            + (reason ?? "It did not say why.");
        member.Settings = settings with { Configuration = former, Former = null, WaitForRestart = [], GivenUp = why };
        options.Write();
        host.Tell("configuration-given-up", why);
        return true;
    }
}
