using System.Security.Cryptography;

namespace Dbaas.Domain.Backups;

/// <summary>Where the objects of backups are.</summary>
public static class BackupPlace
{
    private const int SecretBytes = 16;

    /// <summary>A new part of a place that cannot be guessed.</summary>
    public static string NewSecret() => RandomNumberGenerator.GetHexString(SecretBytes * 2, lowercase: true);
}
