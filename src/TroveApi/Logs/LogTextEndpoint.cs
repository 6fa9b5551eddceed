using System.Globalization;
using System.Runtime.CompilerServices;
using Dbaas.Domain.Logs;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Http;
using Dbaas.TroveApi.Instances;

namespace Dbaas.TroveApi.Logs;

/// <summary><c>/instances/{id}/log/{name}</c>: what was published, part after part. The guest is not asked.</summary>
internal sealed class LogTextEndpoint(InstanceReader reader, IDatabase database, IPublishedLogs store)
{
    /// <summary>Only the last so many lines.</summary>
    private const string Lines = "lines";

    // Behind /v1.0/{tenant}: instances, {id}, log, {name}.
    private const int NameIndex = 3;

    public async Task<Answer> ReadAsync(ApiRequest request)
    {
        var (name, lines) = (request.Name(NameIndex), LinesOf(request));
        var (log, secret, parts) = await database.ReadAsync(
            unit =>
            {
                var instance = reader.Find(unit, request, request.Id("id")).Instance;
                var id = PublishedLog.IdOf(instance.Id, name);
                return (GuestLogRows.Find(unit, id), GuestLogRows.Secret(unit, id), GuestLogRows.Parts(unit, id));
            },
            request.Cancelled);
        if (log is null || secret is null || parts.Count == 0)
        {
            throw FaultException.NotFound($"Nothing of the log {name} is published.");
        }

        var (skipped, left) = (0, lines ?? int.MaxValue);
        var from = parts.Count;
        while (from > 0 && left > 0)
        {
            from--;
            (skipped, left) = (Math.Max(0, parts[from].LineCount - left), left - parts[from].LineCount);
        }

        return Answer.Text(TextAsync(
            log, secret, await FirstAsync(log, secret, parts[from], skipped, request.Cancelled), [.. parts.Skip(from + 1)],
            request.Cancelled));
    }

    /// <summary>Read before the answer is begun: a store that is away is a fault.</summary>
    private async Task<ReadOnlyMemory<byte>> FirstAsync(
        PublishedLog log, string secret, PublishedPart part, int skipped, CancellationToken cancellationToken)
    {
        try
        {
            return Behind(await store.ReadAsync(log, secret, part, cancellationToken) ?? [], skipped);
        }
        catch (IOException)
        {
            throw new FaultException(503, "What was published cannot be read at the moment. Please try again.");
        }
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> TextAsync(
        PublishedLog log,
        string secret,
        ReadOnlyMemory<byte> first,
        IReadOnlyList<PublishedPart> others,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return first;
        foreach (var part in others)
        {
            // One that has become too old meanwhile is not there.
            yield return await store.ReadAsync(log, secret, part, cancellationToken) ?? [];
        }
    }

    private static ReadOnlyMemory<byte> Behind(ReadOnlyMemory<byte> text, int lines)
    {
        for (; lines > 0; lines--)
        {
            text = text[(text.Span.IndexOf((byte)'\n') + 1)..];
        }

        return text;
    }

    private static int? LinesOf(ApiRequest request) => request.Query(Lines) switch
    {
        null => null,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var lines) && lines > 0 => lines,
        var text => throw FaultException.BadRequest($"lines must be an integer of 1 or more, not '{text}'."),
    };
}
