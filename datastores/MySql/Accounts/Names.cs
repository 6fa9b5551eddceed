using Dbaas.Datastores.MySql.Connections;
using Dbaas.Datastores.MySql.Replication;

namespace Dbaas.Datastores.MySql.Accounts;

/// <summary>
/// Which names an engine accepts, and which are nobody's but its own. The API has the same rules: it accepted a request long before, and
/// what is refused only here would end a creation in an error.
/// </summary>
internal static class Names
{
    private const int DatabaseNameLimit = 64;
    private const int HostLimit = 255;

    /// <summary>The engine's own databases, and what is no database at all.</summary>
    public static bool IsHiddenDatabase(string name) => name.ToLowerInvariant() is
        "mysql" or "information_schema" or "performance_schema" or "sys" or "#mysql50#lost+found";

    /// <summary>The administrators, the engine's own users, the service's.</summary>
    public static bool IsHiddenUser(Flavor flavor, string name) =>
        name is "" or "root"
        || name == ServerConnections.Administrator
        || ReplicationUsers.IsOurs(name)
        || flavor.IsSystemUser(name);

    /// <exception cref="Contract.DatastoreException">Precondition.</exception>
    public static void CheckDatabase(string name)
    {
        Check(name, DatabaseNameLimit, "database");
        if (IsHiddenDatabase(name))
        {
            throw Faults.Precondition($"The database {name} belongs to the engine.");
        }

        if (name.EndsWith(' '))
        {
            throw Faults.Precondition("The name of a database cannot end with a space.");
        }
    }

    /// <exception cref="Contract.DatastoreException">Precondition.</exception>
    public static void CheckUser(Flavor flavor, string name, string host)
    {
        Check(name, flavor.UserNameLimit, "user");
        if (IsHiddenUser(flavor, name))
        {
            throw Faults.Precondition($"The user {name} belongs to the engine or to the service.");
        }

        if (name.EndsWith(' '))
        {
            throw Faults.Precondition("The name of a user cannot end with a space.");
        }

        if (host.Length is 0 or > HostLimit || host.Any(c => char.IsControl(c) || c is '@' or ' '))
        {
            throw Faults.Precondition("That is not a host that a user can come from.");
        }
    }

    private static void Check(string name, int limit, string what)
    {
        if (name.Length == 0 || name.EnumerateRunes().Count() > limit)
        {
            throw Faults.Precondition($"The name of a {what} has 1 to {limit} characters.");
        }

        // The engine keeps names in three bytes a character: nothing beyond the basic plane.
        if (name.Any(character => char.IsSurrogate(character) || character == '\0'))
        {
            throw Faults.Precondition($"The engine does not accept this name of a {what}.");
        }
    }
}
