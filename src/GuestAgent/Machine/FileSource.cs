namespace Dbaas.GuestAgent.Machine;

/// <summary>A file of this machine.</summary>
internal sealed class FileSource(string name, string path) : IBootstrapSource
{
    public string Name { get; } = $"{name} ({path})";

    public async Task<byte[]?> ReadAsync(CancellationToken cancellationToken) =>
        File.Exists(path) ? await File.ReadAllBytesAsync(path, cancellationToken) : null;
}
