namespace Dbaas.GuestProtocol;

/// <summary>The versions of the guest protocol that this build speaks.</summary>
public static class ProtocolVersion
{
    /// <summary>The newest version, and the one this build prefers.</summary>
    public const int Current = 7;

    /// <summary>The oldest version that this build still understands (two releases back, once there are as many).</summary>
    public const int Oldest = 1;
}
