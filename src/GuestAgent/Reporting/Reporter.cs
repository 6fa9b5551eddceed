using Dbaas.GuestAgent.Channel;
using Dbaas.GuestAgent.Events;
using Dbaas.GuestAgent.Upgrade;
using Dbaas.GuestProtocol.Reports;

namespace Dbaas.GuestAgent.Reporting;

/// <summary>
/// Reports at the interval that the gateway asks for, and at once when something essential is different from the last report. The end of a
/// process, and what the agent itself does, is told; what only the server knows is seen by a look.
/// </summary>
internal sealed class Reporter(
    ReportBuilder builder,
    Changes changes,
    RoleLease role,
    EventQueue events,
    Probation probation,
    GatewayClient gateway,
    Retry retry,
    TimeProvider time)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    // Somebody watches.
    private static readonly TimeSpan TellJobsEvery = TimeSpan.FromSeconds(2);

    // A server on its way to another state, or one that follows another: its threads may stop.
    private static readonly TimeSpan LookCloselyEvery = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private TaskCompletionSource upToDate = New();

    /// <summary>
    /// Completes when the gateway has a look at the server that began after this call, or knows already what that look shows: nobody who
    /// asks the gateway afterwards reads how it was before.
    /// </summary>
    public Task BringUpToDateAsync()
    {
        lock (gate)
        {
            changes.Tell();
            return upToDate.Task;
        }
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        string? told = null;
        var (since, interval) = (time.GetTimestamp(), TimeSpan.Zero);
        while (true)
        {
            var waiting = TakeWaiting();
            var report = await builder.BuildAsync(cancellationToken);
            var isNews = ReportBuilder.Essence(report) != told;
            if (isNews || time.GetElapsedTime(since) >= (builder.IsWatched ? Min(interval, TellJobsEvery) : interval))
            {
                (report, var answer) = await SendAsync(report with { IsNews = isNews && told is not null }, cancellationToken);
                (since, interval) = (time.GetTimestamp(), TimeSpan.FromSeconds(Math.Clamp(answer.NextInSeconds, 0.2, 300)));
                events.Remove(report.Events);
                probation.Accepted(events);
                told = ReportBuilder.Essence(report with { Events = [] });
            }

            waiting.SetResult();
            if (role.Epoch != report.RoleEpoch)
            {
                // To be confirmed.
                continue;
            }

            var pause = IsAtRest(report) ? LookEvery : LookCloselyEvery;
            var left = interval - time.GetElapsedTime(since);
            await changes.WaitAsync(left < pause ? Max(left, TimeSpan.Zero) : pause, cancellationToken);
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TaskCompletionSource TakeWaiting()
    {
        lock (gate)
        {
            var waiting = upToDate;
            upToDate = New();
            return waiting;
        }
    }

    private bool IsAtRest(GuestReport report) =>
        !builder.IsWatched && report
            is
            {
                State: ServerState.Healthy or ServerState.Stopped or ServerState.Unprepared, Replication: null or { SourceHost: null },
            };

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    /// <summary>After a failure the server is looked at anew: nobody wants old news.</summary>
    private async Task<(GuestReport Accepted, ReportAnswer Answer)> SendAsync(GuestReport first, CancellationToken cancellationToken)
    {
        var next = first;
        return await retry.UntilDoneAsync(
            "report",
            async token =>
            {
                var report = next ?? await builder.BuildAsync(token);
                next = null;
                var sentAt = time.GetTimestamp();
                var answer = await gateway.ReportAsync(report, token);
                role.Accept(answer, sentAt);
                return (report, answer);
            },
            cancellationToken);
    }
}
