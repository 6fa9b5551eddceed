namespace Dbaas.GuestAgent.Commands;

/// <summary>For a command that must not do a thing twice although it may be run twice.</summary>
internal interface ICommandProgress
{
    /// <summary>What an earlier run of the same command noted last; null at the first.</summary>
    string? Last { get; }

    /// <summary>On the disk when the call returns.</summary>
    void Note(string progress);
}
