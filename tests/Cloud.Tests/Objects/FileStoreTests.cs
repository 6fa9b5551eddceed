using System.Security.Cryptography;
using Dbaas.Cloud.Conformance;
using Dbaas.Cloud.Local.Objects;
using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Tests.Objects;

/// <summary>The store that the service brings along: files. What the gateway does with an address is done here without it.</summary>
public sealed class FileStoreTests : StoreConformance
{
    protected override Task<IStoreUnderTest> OpenAsync() => Task.FromResult<IStoreUnderTest>(new FileStore());

    private sealed class FileStore : IStoreUnderTest
    {
        private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dbaas-objects-");
        private readonly FileObjects store;

        public FileStore() => store = new FileObjects(folder.FullName, RandomNumberGenerator.GetBytes(32), TimeProvider.System);

        public IObjects Store => store;

        public async Task<StoreAnswer> UseAsync(HttpMethod method, ObjectAddress address, byte[]? content)
        {
            var parts = address.Url[(FileObjects.BasePath.Length + 1)..].Split('/');
            var name = new StoredName(parts[0], parts[1]);
            var isWrite = method == HttpMethod.Put;
            if (!store.IsAllowed(
                name, isWrite ? ObjectUse.Write : ObjectUse.Read, address.Headers.GetValueOrDefault(ObjectTickets.Header)))
            {
                return new StoreAnswer(403, []);
            }

            if (isWrite)
            {
                using var source = new MemoryStream(content!);
                var written = await store.ReceiveAsync(name, source, Convert.ToHexStringLower(SHA256.HashData(content!)), default);
                return new StoreAnswer(written switch { WriteResult.Written => 201, WriteResult.ThereIsOne => 412, _ => 400 }, []);
            }

            await using var found = store.OpenRead(name);
            if (found is null)
            {
                return new StoreAnswer(404, []);
            }

            using var read = new MemoryStream();
            await found.CopyToAsync(read);
            return new StoreAnswer(200, read.ToArray());
        }

        public ValueTask DisposeAsync()
        {
            folder.Delete(recursive: true);
            return ValueTask.CompletedTask;
        }
    }
}
