using System.Security.Cryptography;
using Dbaas.Datastores.Contract;
using Dbaas.GuestAgent.Jobs;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Channel;
using Dbaas.GuestProtocol.Commands;

namespace Dbaas.GuestAgent.Objects;

/// <summary>Parts of a log on their way back: each is compared with its hash before it is used, and opened by itself.</summary>
internal sealed class SealedLogReader(IStore store, SealedPipe pipe, Job job, LogLink log) : ILogReader
{
    public int Count => log.Parts.Count;

    public async Task ReadAsync(int number, Func<Stream, CancellationToken, Task> read, CancellationToken cancellationToken)
    {
        var part = log.Parts[number];
        var name = new ObjectName(job.CommandId, log.LogId, ObjectNames.Part(log.Run, number));
        var content = new byte[part.Size];
        var size = await store.GetAsync(name, content, cancellationToken);
        if (size != part.Size || Convert.ToHexStringLower(SHA256.HashData(content)) != part.Sha256)
        {
            throw new DatastoreException(
                FaultKind.Permanent, $"Object {name.Name} of the archived log {log.LogId} is not what was written: its hash is another.");
        }

        await pipe.OpenAsync(async (input, token) => await input.WriteAsync(content, token), read, cancellationToken);
        job.Advance(part.Size);
    }
}
