using Dbaas.Files;

namespace Dbaas.TaskManager.Guests.Gateway;

/// <summary>Keeps the authority in a file that only the service can read.</summary>
public sealed class FileCertificateAuthorityStore(string path) : ICertificateAuthorityStore
{
    /// <inheritdoc />
    public byte[]? Load() => File.Exists(path) ? File.ReadAllBytes(path) : null;

    /// <inheritdoc />
    public void Save(byte[] keyAndCertificate)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);

        // Whoever was first has made the authority; the caller loads it again.
        WholeFile.WriteFirst(path, keyAndCertificate);
    }
}
