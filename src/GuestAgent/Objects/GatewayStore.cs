using System.Net;
using Dbaas.Datastores.Contract;
using Dbaas.GuestAgent.Channel;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Channel;

namespace Dbaas.GuestAgent.Objects;

/// <summary>
/// The store that the gateway names: each object has an address that is good for one use of it, asked for in batches. What fails in a way
/// that may pass is tried again, with growing pauses.
/// </summary>
internal sealed class GatewayStore(GatewayClient gateway, OutsideStores outside, TimeProvider time, Action<string> log)
    : IStore, IDisposable
{
    private static readonly TimeSpan TryFor = TimeSpan.FromMinutes(5);

    private readonly ObjectAddresses addresses = new(gateway, time);

    public Task PutAsync(ObjectName name, ReadOnlyMemory<byte> content, byte[] sha256, CancellationToken cancellationToken) =>
        RetryAsync(
            name,
            ObjectAccess.Write,
            async (place, isAgain, token) =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Put, place.Url) { Content = new ReadOnlyMemoryContent(content) };
                foreach (var (header, value) in place.Headers)
                {
                    request.Headers.TryAddWithoutValidation(header, value
                        .Replace("{sha256}", Convert.ToHexStringLower(sha256), StringComparison.Ordinal)
                        .Replace("{sha256-base64}", Convert.ToBase64String(sha256), StringComparison.Ordinal));
                }

                using var answer = await SendAsync(place, request, token);

                // Its name is this run's own: who is there before a repetition is the first try, whose answer was lost.
                if (!(isAgain && answer.StatusCode is HttpStatusCode.PreconditionFailed))
                {
                    Check(answer, name);
                }

                return 0;
            },
            cancellationToken);

    public Task<int> GetAsync(ObjectName name, Memory<byte> buffer, CancellationToken cancellationToken) => RetryAsync(
        name,
        ObjectAccess.Read,
        async (place, _, token) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, place.Url);
            foreach (var (header, value) in place.Headers)
            {
                request.Headers.TryAddWithoutValidation(header, value);
            }

            using var answer = await SendAsync(place, request, token);
            if (answer.StatusCode is HttpStatusCode.Conflict && !IsOutside(place))
            {
                // The gateway's own word: in vain, however often. Of an outside store it may pass.
                throw new DatastoreException(
                    FaultKind.Permanent,
                    $"Object {name.Name} of backup {name.BackupId} cannot be read: {await answer.Content.ReadAsStringAsync(token)}");
            }

            Check(answer, name);
            await using var content = await answer.Content.ReadAsStreamAsync(token);
            var size = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, token);
            return await content.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, token) == 0
                ? size
                : throw new DatastoreException(
                    FaultKind.Permanent, $"Object {name.Name} of backup {name.BackupId} is larger than what was written.");
        },
        cancellationToken);

    public void Dispose() => addresses.Dispose();

    // A path is on the gateway.
    private static bool IsOutside(ObjectPlace place) => !place.Url.StartsWith('/');

    private Task<HttpResponseMessage> SendAsync(ObjectPlace place, HttpRequestMessage request, CancellationToken cancellationToken) =>
        IsOutside(place)
            ? outside.SendAsync(request, cancellationToken)
            : gateway.SendAsync(request, cancellationToken);

    private static void Check(HttpResponseMessage answer, ObjectName name)
    {
        if (answer.StatusCode is HttpStatusCode.NotFound)
        {
            throw new DatastoreException(FaultKind.Permanent, $"Object {name.Name} of backup {name.BackupId} is missing in the store.");
        }

        if (!answer.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"The store answered {(int)answer.StatusCode}.", null, answer.StatusCode);
        }
    }

    private async Task<T> RetryAsync<T>(
        ObjectName name,
        ObjectAccess access,
        Func<ObjectPlace, bool, CancellationToken, Task<T>> call,
        CancellationToken cancellationToken)
    {
        var (started, backoff, isAgain) = (time.GetTimestamp(), new Backoff(time, Random.Shared.NextDouble), false);
        while (true)
        {
            try
            {
                return await call(await addresses.TakeAsync(name, access, cancellationToken), isAgain, cancellationToken);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or GatewayException
                || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                // The outermost words are the same for everything that can happen to a connection.
                var reason = e is OperationCanceledException ? "no answer in time" : e.GetBaseException().Message;
                log($"{access} of object {name.Name}: {reason}");
                if (e is GatewayException { Refused: true })
                {
                    throw new DatastoreException(FaultKind.Transient, $"The backup is not wanted any more: {e.Message}", e);
                }

                if (time.GetElapsedTime(started) > TryFor)
                {
                    throw new DatastoreException(
                        FaultKind.Transient, $"The store of backups could not be used for {TryFor.TotalMinutes:0} minutes: {reason}", e);
                }

                isAgain = true;
                await backoff.PauseAsync(cancellationToken);
            }
        }
    }
}
