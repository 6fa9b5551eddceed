namespace Dbaas.Domain.Operations;

/// <summary>The names of the workflows.</summary>
public static class OperationKinds
{
    /// <summary>A stand-alone instance.</summary>
    public const string CreateInstance = "create-instance";

    /// <summary>An instance that follows a master.</summary>
    public const string CreateSlave = "create-slave";

    /// <summary>Everything of an instance goes.</summary>
    public const string DeleteInstance = "delete-instance";

    /// <summary>A slave becomes independent; a master without slaves is demoted.</summary>
    public const string DetachSlave = "detach-slave";

    /// <summary>The database server stops and starts.</summary>
    public const string Restart = "restart";

    /// <summary>A master without slaves goes back to the state before replication.</summary>
    public const string DemoteMaster = "demote-master";

    /// <summary>A master drops what it keeps for a slave that is gone.</summary>
    public const string ForgetSlave = "forget-slave";
}
