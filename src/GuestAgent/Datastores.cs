using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql;

namespace Dbaas.GuestAgent;

/// <summary>The datastores that this agent can manage: the only code here that names one.</summary>
internal static class Datastores
{
    public static IReadOnlyDictionary<string, Func<DatastoreHost, Datastore>> All { get; } =
        new Dictionary<string, Func<DatastoreHost, Datastore>>
    {
        ["mariadb"] = MySqlDatastores.CreateMariaDb,
        ["mysql"] = MySqlDatastores.CreateMySql,
    };
}
