using System.Security.Cryptography;
using System.Text;

namespace Dbaas.TaskManager.Guests.Gateway;

/// <summary>
/// The secret of one enrolment. The control plane keeps its hash only; it has 256 random bits, so a plain hash is enough.
/// </summary>
public static class EnrolmentSecret
{
    /// <summary>For a bootstrap document.</summary>
    public static string Create() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    /// <summary>For the control database.</summary>
    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
