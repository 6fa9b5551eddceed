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
        var temporary = $"{path}.{Environment.ProcessId}.new";
        File.Delete(temporary);
        using (var file = new FileStream(temporary, Options()))
        {
            file.Write(keyAndCertificate);
            file.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(temporary, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(temporary);
        }
    }

    private static FileStreamOptions Options()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }
}
