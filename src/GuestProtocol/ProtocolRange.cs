namespace Dbaas.GuestProtocol;

/// <summary>The versions of the guest protocol that one end speaks: all from the oldest to the newest.</summary>
/// <param name="Oldest">The oldest.</param>
/// <param name="Newest">The newest.</param>
public readonly record struct ProtocolRange(int Oldest, int Newest)
{
    /// <summary>What this build speaks.</summary>
    public static ProtocolRange Ours { get; } = new(ProtocolVersion.Oldest, ProtocolVersion.Current);

    /// <summary>The highest version that both ends speak; null when there is none.</summary>
    public int? HighestCommon(ProtocolRange other)
    {
        var newest = Math.Min(Newest, other.Newest);
        return newest >= Math.Max(Oldest, other.Oldest) ? newest : null;
    }

    /// <summary>This version is one of them.</summary>
    public bool Contains(int version) => version >= Oldest && version <= Newest;

    /// <inheritdoc />
    public override string ToString() => Oldest == Newest ? $"{Newest}" : $"{Oldest} to {Newest}";
}
