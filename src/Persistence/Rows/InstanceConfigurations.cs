namespace Dbaas.Persistence.Rows;

/// <summary>
/// Guarded changes of what an instance's row says of its configuration group. Whatever makes its database need other values raises the
/// version of that, and whoever saw to a version says which one it was: none is forgotten.
/// </summary>
public static class InstanceConfigurations
{
    private const string Raise = "configuration_version = configuration_version + 1, configuration_due = 1, version = version + 1";

    /// <summary>It has this group from now on.</summary>
    /// <returns>False: it has one already, or is gone.</returns>
    public static bool TryAttach(IUnit unit, string id, string configurationId) =>
        unit.Execute(
            $"""
            UPDATE instances SET configuration_id = @configurationId, {Raise}
            WHERE id = @id AND deleted = 0 AND configuration_id IS NULL
            """,
            new { id, configurationId }) == 1;

    /// <summary>It is going to be taken off this group.</summary>
    /// <returns>False: it does not have it (any more).</returns>
    public static bool TryBeginDetach(IUnit unit, string id, string configurationId) =>
        unit.Execute(
            $"UPDATE instances SET {Raise} WHERE id = @id AND deleted = 0 AND configuration_id = @configurationId",
            new { id, configurationId }) == 1;

    /// <summary>Its database is to get other values yet.</summary>
    public static bool IsDue(IUnit unit, string id) =>
        unit.First<string>("SELECT id FROM instances WHERE id = @id AND configuration_due = 1 AND deleted = 0", new { id }) is not null;

    /// <summary>A database of one that uses this group is.</summary>
    public static bool AnyDue(IUnit unit, string configurationId) =>
        unit.First<string>(
            "SELECT id FROM instances WHERE configuration_id = @configurationId AND configuration_due = 1 AND deleted = 0 LIMIT 1",
            new { configurationId }) is not null;

    /// <summary>It has this group no more, which counts one instance less.</summary>
    public static void Detach(IUnit unit, string id, string configurationId)
    {
        var changed = unit.Execute(
            "UPDATE instances SET configuration_id = NULL, version = version + 1 WHERE id = @id AND configuration_id = @configurationId",
            new { id, configurationId });
        if (changed == 1)
        {
            ConfigurationRows.RemoveInstance(unit, configurationId);
        }
    }

    /// <summary>This group has other values.</summary>
    public static void MarkAll(IUnit unit, string configurationId) =>
        unit.Execute(
            $"UPDATE instances SET {Raise} WHERE configuration_id = @configurationId AND deleted = 0", new { configurationId });

    /// <summary>Its database was seen to; nothing when there is a newer version.</summary>
    public static void Settle(IUnit unit, string id, long configurationVersion) =>
        unit.Execute(
            """
            UPDATE instances SET configuration_due = 0, version = version + 1
            WHERE id = @id AND configuration_version = @configurationVersion
            """,
            new { id, configurationVersion });
}
