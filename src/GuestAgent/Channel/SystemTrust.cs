using System.Runtime.InteropServices;

namespace Dbaas.GuestAgent.Channel;

/// <summary>
/// The authorities that this system trusts count for nothing in an agent, which has one of its own. They are read all the same before the
/// first certificate is looked at, all hundred and forty of them twice, which takes longer than the rest of a start: so they are where
/// nothing is.
/// </summary>
internal static partial class SystemTrust
{
    private const string Nowhere = "/nonexistent";

    /// <summary>Before the first connection. Programs that the agent starts have environments of their own.</summary>
    public static void LeaveOut()
    {
        _ = Set("SSL_CERT_DIR", Nowhere, 1);
        _ = Set("SSL_CERT_FILE", Nowhere, 1);
    }

    // The framework's own call is not seen by the library that reads it.
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Set(string name, string value, int replace);
}
