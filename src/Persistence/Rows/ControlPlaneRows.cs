namespace Dbaas.Persistence.Rows;

/// <summary>The control plane itself.</summary>
public static class ControlPlaneRows
{
    /// <summary>The first half of every fence; raised when the database was restored from a copy.</summary>
    public static long Generation(IUnit unit) => unit.First<long>("SELECT generation FROM control_plane WHERE id = 1");

    /// <summary>Marks what is ours on every plane.</summary>
    public static string DeploymentId(IUnit unit) => unit.First<string>("SELECT deployment_id FROM control_plane WHERE id = 1")!;

    /// <summary>The database's clock, in Unix milliseconds.</summary>
    public static long Now(IUnit unit) => unit.First<long>($"SELECT {unit.Dialect.Now}");
}
