namespace Dbaas.GuestProtocol;

/// <summary>
/// Orders the commands of one instance: an agent refuses a command whose fence is lower than one it has seen,
/// so that a worker which lost its claim cannot act any more.
/// </summary>
/// <param name="Generation">Of the control plane; raised when its database is restored.</param>
/// <param name="Counter">Of the instance; raised each time an operation takes or retakes it for its own.</param>
public readonly record struct Fence(long Generation, long Counter) : IComparable<Fence>
{
    /// <inheritdoc />
    public int CompareTo(Fence other) =>
        Generation != other.Generation ? Generation.CompareTo(other.Generation) : Counter.CompareTo(other.Counter);

    /// <summary>Lower than.</summary>
    public static bool operator <(Fence left, Fence right) => left.CompareTo(right) < 0;

    /// <summary>Higher than.</summary>
    public static bool operator >(Fence left, Fence right) => left.CompareTo(right) > 0;

    /// <summary>Not higher than.</summary>
    public static bool operator <=(Fence left, Fence right) => left.CompareTo(right) <= 0;

    /// <summary>Not lower than.</summary>
    public static bool operator >=(Fence left, Fence right) => left.CompareTo(right) >= 0;
}
