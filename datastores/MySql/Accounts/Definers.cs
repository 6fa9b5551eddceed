using Dbaas.Datastores.MySql.Connections;

namespace Dbaas.Datastores.MySql.Accounts;

/// <summary>
/// Triggers, views, routines and events run with the rights of the account that they name. When that is called otherwise they fail, and run
/// with the rights of whoever gets the name next.
/// </summary>
internal static class Definers
{
    private const int Named = 3;

    private const string Objects =
        "SELECT CONCAT('the trigger ', TRIGGER_SCHEMA, '.', TRIGGER_NAME) AS object, DEFINER FROM information_schema.TRIGGERS UNION ALL "
        + "SELECT CONCAT('the view ', TABLE_SCHEMA, '.', TABLE_NAME), DEFINER FROM information_schema.VIEWS UNION ALL "
        + "SELECT CONCAT('the ', LOWER(ROUTINE_TYPE), ' ', ROUTINE_SCHEMA, '.', ROUTINE_NAME), DEFINER "
        + "FROM information_schema.ROUTINES UNION ALL "
        + "SELECT CONCAT('the event ', EVENT_SCHEMA, '.', EVENT_NAME), DEFINER FROM information_schema.EVENTS";

    /// <exception cref="Contract.DatastoreException">Precondition: there are such objects; some are named.</exception>
    public static async Task MustBeNoneOfAsync(Session session, string name, string host, CancellationToken cancellationToken)
    {
        var objects = await session.TextsAsync(
            $"SELECT object FROM ({Objects}) AS objects WHERE DEFINER = @definer ORDER BY 1",
            cancellationToken,
            ("definer", $"{name}@{host}"));
        if (objects.Count > 0)
        {
            throw Faults.Precondition(
                $"The user {name}@{host} cannot be called otherwise: {string.Join(", ", objects.Take(Named))}"
                + (objects.Count > Named ? $" and {objects.Count - Named} more" : "")
                + " would run no more. Drop them first, and make them again under the new name.");
        }
    }
}
