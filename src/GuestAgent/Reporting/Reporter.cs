using Dbaas.GuestAgent.Channel;
using Dbaas.GuestAgent.Upgrade;
using Dbaas.GuestProtocol.Reports;

namespace Dbaas.GuestAgent.Reporting;

/// <summary>Reports at the interval that the gateway asks for, and at once when something essential is different from the last report.</summary>
internal sealed class Reporter(
    ReportBuilder builder, RoleLease role, EventQueue events, Probation probation, GatewayClient gateway, Retry retry, TimeProvider time)
    : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim nudge = new(0, 1);

    /// <summary>Look now: something was done.</summary>
    public void Nudge()
    {
        try
        {
            nudge.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is about to look.
        }
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        string? told = null;
        var due = time.GetUtcNow();
        while (true)
        {
            var report = await builder.BuildAsync(cancellationToken);
            if (time.GetUtcNow() >= due || ReportBuilder.Essence(report) != told)
            {
                var (accepted, answer) = await SendAsync(report, cancellationToken);
                events.Remove(accepted.Events);
                probation.Accepted(events);
                told = ReportBuilder.Essence(accepted with { Events = [] });
                due = time.GetUtcNow() + TimeSpan.FromSeconds(Math.Clamp(answer.NextInSeconds, 0.2, 300));
            }

            await nudge.WaitAsync(LookEvery, cancellationToken);
        }
    }

    public void Dispose() => nudge.Dispose();

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
