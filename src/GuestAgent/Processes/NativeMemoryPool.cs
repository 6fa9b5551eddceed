using System.Runtime.InteropServices;

namespace Dbaas.GuestAgent.Processes;

/// <summary>Memory for one call to libc; freed together.</summary>
internal sealed class NativeMemoryPool : IDisposable
{
    private readonly List<nint> blocks = [];
    private readonly List<nint> strings = [];

    public nint Block(int bytes)
    {
        var block = Marshal.AllocHGlobal(bytes);
        blocks.Add(block);
        return block;
    }

    /// <summary>A null-terminated array of C strings.</summary>
    public nint StringArray(IReadOnlyList<string> values)
    {
        var array = Block((values.Count + 1) * nint.Size);
        for (var i = 0; i < values.Count; i++)
        {
            var text = Marshal.StringToCoTaskMemUTF8(values[i]);
            strings.Add(text);
            Marshal.WriteIntPtr(array, i * nint.Size, text);
        }

        Marshal.WriteIntPtr(array, values.Count * nint.Size, nint.Zero);
        return array;
    }

    public void Dispose()
    {
        blocks.ForEach(Marshal.FreeHGlobal);
        strings.ForEach(Marshal.FreeCoTaskMem);
    }
}
