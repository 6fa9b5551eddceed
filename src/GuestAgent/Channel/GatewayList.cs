using Dbaas.GuestAgent.Files;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Channel;

namespace Dbaas.GuestAgent.Channel;

/// <summary>
/// The gateways, and which one is asked now. The agent begins with any of them, leaves one that does not answer, and chooses anew after a
/// while: so agents spread, and come back to a gateway that was away. Those that a hello's or a report's answer named last are kept
/// on the disk; those of the bootstrap document, and those that were named before, are the last resort.
/// </summary>
internal sealed class GatewayList
{
    private const int Most = 64;

    private static readonly TimeSpan ShunFor = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan StayFor = TimeSpan.FromMinutes(30);

    private readonly Lock gate = new();
    private readonly Dictionary<Uri, long> failed = [];
    private readonly IReadOnlyList<Uri> given;
    private readonly string? file;
    private readonly Func<double> random;
    private readonly TimeProvider time;
    private readonly Action<string> log;
    private IReadOnlyList<Uri> named;
    private string? mark;

    // One that was being replaced when this agent asked is back soon, and may be the only one left when the next is replaced.
    private IReadOnlyList<Uri> former = [];
    private Uri current;
    private long chosenAt;
    private TimeSpan stay;
    private TaskCompletionSource moved = New();

    /// <param name="given">Those of the bootstrap document.</param>
    /// <param name="file">Where those that were named are kept; null: nowhere.</param>
    /// <param name="random">From 0 to 1.</param>
    /// <param name="time">The time.</param>
    /// <param name="log">For the operator.</param>
    public GatewayList(IReadOnlyList<string> given, string? file, Func<double> random, TimeProvider time, Action<string> log)
    {
        (this.file, this.random, this.time, this.log) = (file, random, time, log);
        this.given = Fit(given);
        var kept = file is null ? null : PrivateFile.ReadJsonOrNone(file, ProtocolJson.Of<GatewayNews>(), log);
        (named, mark) = (Fit(kept?.Gateways ?? []), kept?.Mark);
        current = Choose();
    }

    /// <summary>How many there are to try.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return All.Count();
            }
        }
    }

    /// <summary>Stands for those that were named last; null: none were.</summary>
    public string? Mark
    {
        get
        {
            lock (gate)
            {
                return mark;
            }
        }
    }

    /// <summary>The one to ask.</summary>
    public Uri Current
    {
        get
        {
            lock (gate)
            {
                if (time.GetElapsedTime(chosenAt) > stay)
                {
                    current = Choose();
                }

                return current;
            }
        }
    }

    private IEnumerable<Uri> All => named.Concat(given).Concat(former).Distinct();

    /// <summary>This one does not answer, or cannot serve now.</summary>
    public void Leave(Uri gateway)
    {
        lock (gate)
        {
            failed[gateway] = time.GetTimestamp();
            if (gateway != current)
            {
                return;
            }

            current = Choose();
            if (current == gateway)
            {
                return;
            }

            moved.TrySetResult();
        }

        log($"The gateway {gateway} does not serve this agent now; it goes to {Current}.");
    }

    /// <summary>These serve now; null: nothing was said.</summary>
    public void Learn(GatewayNews? news)
    {
        var fit = Fit(news?.Gateways ?? []);
        lock (gate)
        {
            if (fit.Count == 0 || (fit.SequenceEqual(named) && news?.Mark == mark))
            {
                return;
            }

            mark = news?.Mark;
            former = [.. named.Concat(former).Except(fit).Take(Most)];
            named = fit;
            foreach (var gone in failed.Keys.Except(All).ToList())
            {
                failed.Remove(gone);
            }
        }

        if (file is not null)
        {
            PrivateFile.WriteJson(
                file, new GatewayNews([.. fit.Select(url => url.ToString())], news?.Mark), ProtocolJson.Of<GatewayNews>());
        }
    }

    /// <summary>Waits until the agent has left a gateway for another one.</summary>
    public async Task WaitForMoveAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        Task news;
        lock (gate)
        {
            news = moved.Task;
        }

        await news.WaitAsync(timeout, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            if (news.IsCompleted)
            {
                moved = New();
            }
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Those that were named and have not failed lately; else those of the document; else former ones; else whichever failed longest ago.
    private Uri Choose()
    {
        (chosenAt, stay) = (time.GetTimestamp(), StayFor * (0.5 + random()));
        foreach (var some in new[] { named, given, former })
        {
            List<Uri> good = [.. some.Where(one => !failed.TryGetValue(one, out var at) || time.GetElapsedTime(at) > ShunFor)];
            if (good.Count > 0)
            {
                return good[Math.Min((int)(random() * good.Count), good.Count - 1)];
            }
        }

        return All.MinBy(failed.GetValueOrDefault)!;
    }

    private static List<Uri> Fit(IReadOnlyList<string> urls) =>
    [
        .. urls.Take(Most)
            .Select(url => Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps ? uri : null)
            .OfType<Uri>(),
    ];
}
