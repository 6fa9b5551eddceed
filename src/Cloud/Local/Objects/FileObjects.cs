using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Dbaas.Cloud.Ports;
using Dbaas.Files;

namespace Dbaas.Cloud.Local.Objects;

/// <summary>
/// Objects as files of this machine, which agents reach through the gateway. An object has its name only when it is whole and on the disk.
/// </summary>
public sealed partial class FileObjects(string root, byte[] key, TimeProvider time) : IObjects
{
    private const int CopySize = 256 * 1024;
    private const string Unfinished = ".part";

    private readonly ObjectTickets tickets = new(key, time);

    /// <inheritdoc />
    public Task<ObjectAddress> AddressAsync(StoredName name, ObjectUse use, TimeSpan goodFor, CancellationToken cancellationToken)
    {
        _ = PathOf(name);
        Dictionary<string, string> headers = new() { [ObjectTickets.Header] = tickets.Issue(name, use, goodFor) };
        if (use == ObjectUse.Write)
        {
            headers[HashHeader] = "{sha256}";
        }

        return Task.FromResult(new ObjectAddress($"{BasePath}/{name.Place}/{name.Name}", headers));
    }

    /// <summary>Where the gateway serves it.</summary>
    public const string BasePath = "/v1/store";

    /// <summary>Carries the hash of what is written.</summary>
    public const string HashHeader = "X-Content-Sha256";

    /// <summary>Who shows this ticket may do this with this object now.</summary>
    public bool IsAllowed(StoredName name, ObjectUse use, string? ticket) => IsName(name) && tickets.IsGood(name, use, ticket);

    /// <summary>Takes what an agent writes.</summary>
    /// <param name="name">The object.</param>
    /// <param name="content">What is written.</param>
    /// <param name="sha256">Its hash, in lower case hexadecimal digits.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<WriteResult> ReceiveAsync(StoredName name, Stream content, string sha256, CancellationToken cancellationToken)
    {
        var path = PathOf(name);
        if (File.Exists(path))
        {
            return WriteResult.ThereIsOne;
        }

        MakeFolder(name.Place);
        var beside = $"{path}.{Path.GetRandomFileName()}{Unfinished}";
        try
        {
            await using (var file = Create(beside))
            {
                using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                var buffer = new byte[CopySize];
                while (await content.ReadAtLeastAsync(buffer, CopySize, throwOnEndOfStream: false, cancellationToken) is > 0 and var read)
                {
                    hash.AppendData(buffer, 0, read);
                    await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                }

                if (Convert.ToHexStringLower(hash.GetHashAndReset()) != sha256)
                {
                    return WriteResult.IsOther;
                }

                file.Flush(flushToDisk: true);
            }

            File.Move(beside, path, overwrite: false);
            Folder.Flush(Path.GetDirectoryName(path)!);
            return WriteResult.Written;
        }
        catch (IOException) when (File.Exists(path))
        {
            return WriteResult.ThereIsOne;
        }
        finally
        {
            File.Delete(beside);
        }
    }

    /// <summary>What an agent reads; null when there is none.</summary>
    public Stream? OpenRead(StoredName name)
    {
        try
        {
            return new FileStream(PathOf(name), new FileStreamOptions
            {
                Access = FileAccess.Read, Share = FileShare.Read | FileShare.Delete, Options = FileOptions.Asynchronous, BufferSize = 0,
            });
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <inheritdoc />
    public Task WriteAsync(StoredName name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => Task.Run(
        () => Explained(() =>
        {
            var path = PathOf(name);
            MakeFolder(name.Place);
            WholeFile.Write(path, content.Span);
            return 0;
        }),
        cancellationToken);

    /// <inheritdoc />
    public Task<byte[]?> ReadAsync(StoredName name, int most, CancellationToken cancellationToken) => Task.Run(
        () => Explained(() =>
        {
            using var file = OpenRead(name);
            if (file is null)
            {
                return null;
            }

            if (file.Length > most)
            {
                throw new CloudException($"The object {name.Name} is larger than {most} bytes.", isTransient: false);
            }

            var content = new byte[file.Length];
            file.ReadExactly(content);
            return content;
        }),
        cancellationToken);

    /// <inheritdoc />
    public Task<long?> SizeAsync(StoredName name, CancellationToken cancellationToken) => Task.Run(
        () => Explained<long?>(() => new FileInfo(PathOf(name)) is { Exists: true } file ? file.Length : null), cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<StoredObject>> ListAsync(string place, CancellationToken cancellationToken) => Task.Run(
        () => Explained<IReadOnlyList<StoredObject>>(() =>
        {
            var folder = new DirectoryInfo(FolderOf(place));
            return folder.Exists
                ?
                [
                    .. folder.EnumerateFiles().OrderBy(file => file.Name, StringComparer.Ordinal)
                        .Select(file => new StoredObject(new StoredName(place, file.Name), file.Length)),
                ]
                : [];
        }),
        cancellationToken);

    /// <inheritdoc />
    public Task DeleteAsync(StoredName name, CancellationToken cancellationToken) => Task.Run(
        () => Explained(() =>
        {
            var folder = FolderOf(name.Place);
            if (Directory.Exists(folder))
            {
                // Also what was cut off while it was written, which has a longer name.
                File.Delete(PathOf(name));
                if (!Directory.EnumerateFileSystemEntries(folder).Any())
                {
                    Directory.Delete(folder);
                }
            }

            return 0;
        }),
        cancellationToken);

    private static FileStream Create(string path) => new(path, new FileStreamOptions
    {
        Mode = FileMode.CreateNew,
        Access = FileAccess.Write,
        Options = FileOptions.Asynchronous,
        BufferSize = 0,
        UnixCreateMode = WholeFile.OwnerOnly,
    });

    private static T Explained<T>(Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CloudException("The store of backups cannot be used.", isTransient: true, e);
        }
    }

    private static bool IsName(StoredName name) => PlaceName().IsMatch(name.Place) && ItemName().IsMatch(name.Name);

    private void MakeFolder(string place) =>
        Directory.CreateDirectory(FolderOf(place), WholeFile.OwnerOnly | UnixFileMode.UserExecute);

    private string PathOf(StoredName name) => IsName(name)
        ? Path.Combine(root, name.Place, name.Name)
        : throw new CloudException("That is no name of an object.", isTransient: false);

    private string FolderOf(string place) => PlaceName().IsMatch(place)
        ? Path.Combine(root, place)
        : throw new CloudException("That is no place for objects.", isTransient: false);

    [GeneratedRegex(@"^[0-9A-Za-z][0-9A-Za-z-]{0,99}\z")]
    private static partial Regex PlaceName();

    [GeneratedRegex(@"^[0-9A-Za-z][0-9A-Za-z.-]{0,149}\z")]
    private static partial Regex ItemName();
}

/// <summary>How a write ended.</summary>
public enum WriteResult
{
    /// <summary>Not known.</summary>
    Unknown,

    /// <summary>It is there, and on the disk.</summary>
    Written,

    /// <summary>There was one of that name, which was left as it is.</summary>
    ThereIsOne,

    /// <summary>What came is not what the hash says; nothing was kept.</summary>
    IsOther,
}
