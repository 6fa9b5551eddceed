namespace Dbaas.GuestAgent.Commands;

/// <summary>For a command that must not do a thing twice although it may be run twice, or asked for again under another id.</summary>
internal interface ICommandProgress
{
    /// <summary>The command's id.</summary>
    string CommandId { get; }

    /// <summary>This was noted before, by any command.</summary>
    bool HasReached(string milestone);

    /// <summary>On the disk when the call returns.</summary>
    void Note(string milestone);
}
