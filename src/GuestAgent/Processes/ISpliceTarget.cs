using System.Runtime.InteropServices;

namespace Dbaas.GuestAgent.Processes;

/// <summary>A stream behind which there is a pipe: what comes from another pipe can be moved there without being copied.</summary>
internal interface ISpliceTarget
{
    /// <summary>The pipe; null: there is none, or what passes has to be seen.</summary>
    SafeHandle? Pipe { get; }

    /// <summary>So many bytes were moved.</summary>
    void Passed(long bytes);

    /// <summary>Nobody reads the pipe any more.</summary>
    void LostReader();
}
