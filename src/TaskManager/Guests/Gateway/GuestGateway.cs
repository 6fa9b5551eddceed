using System.Globalization;
using System.Text.Json;
using Dbaas.Cloud.Local.Objects;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Channel;
using Dbaas.GuestProtocol.Reports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Dbaas.TaskManager.Guests.Gateway;

/// <summary>The agents' routes.</summary>
public static class GuestGateway
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Maps the agents' routes. Needs, as singletons among the services: an <see cref="IGuestDirectory"/>, a
    /// <see cref="CertificateAuthority"/>, an <see cref="Releases.AgentReleaseFile"/>, a <see cref="TimeProvider"/>.
    /// </summary>
    public static IEndpointRouteBuilder MapGuestGateway(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("").WithMetadata(new BodyLimit()).AddEndpointFilter<GuestCallFilter>();
        group.MapPost(Routes.Enrol, EnrolmentEndpoints.EnrolAsync).WithMetadata(OpenToStrangers.Mark);
        group.MapPost(Routes.Renew, EnrolmentEndpoints.RenewAsync).WithMetadata(OpenToLatecomers.Mark);
        group.MapPost(Routes.Hello, HelloEndpoint.HelloAsync);
        group.MapGet(Routes.Commands, PollAsync).WithMetadata(ComesOften.Mark);
        group.MapPost(Routes.Replies, ReplyAsync);
        group.MapPost(Routes.Reports, ReportAsync).WithMetadata(ComesOften.Mark);
        group.MapGet(Routes.AgentReleases + "/{sha256}", ReleaseEndpoint.FetchAsync).WithMetadata(ReleaseEndpoint.Limit);
        group.MapPost(Routes.Objects, ObjectEndpoint.FindAsync);
        group.MapPost(Routes.LogParts, LogPartAsync);
        group.MapGet(Routes.ForeignParts, ForeignParts.ReadAsync).WithMetadata(ForeignParts.Limit);
        var stored = FileObjects.BasePath + "/{place}/{name}";
        group.MapPut(stored, StoreEndpoints.WriteAsync).WithMetadata(StoreEndpoints.Limit, StoreEndpoints.Size);
        group.MapGet(stored, StoreEndpoints.ReadAsync).WithMetadata(StoreEndpoints.Limit);
        return endpoints;
    }

    private static async Task<IResult> PollAsync(HttpContext context, IGuestDirectory directory, IHostApplicationLifetime program)
    {
        var guest = Guest.Of(context)!;
        var seconds = double.TryParse(context.Request.Query["wait"], CultureInfo.InvariantCulture, out var asked) ? asked : 0;
        var wait = TimeSpan.FromSeconds(Math.Clamp(seconds, 0, LongestWait.TotalSeconds));
        var inHand = context.Request.Query["in_hand"].OfType<string>().ToHashSet();

        // Whoever waits is let go when the program stops: it finds another gateway.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, program.ApplicationStopping);
        try
        {
            var commands = await CommandPoll.WaitAsync(
                directory, guest.InstanceId, inHand, wait, guest.Time, end.Token);
            return Json(new CommandBatch(commands));
        }
        catch (OperationCanceledException) when (program.ApplicationStopping.IsCancellationRequested)
        {
            return Json(new CommandBatch([]));
        }
    }

    private static async Task<IResult> ReplyAsync(HttpContext context, IGuestDirectory directory)
    {
        var guest = Guest.Of(context)!;
        var reply = await ReadAsync<ReplyEnvelope>(context);
        if (await directory.AcceptReplyAsync(guest.InstanceId, reply, context.RequestAborted))
        {
            return Results.NoContent();
        }

        await directory.RecordRefusalAsync(
            guest.InstanceId,
            RefusalKinds.OtherGuest,
            $"A reply to the command {reply.Id}, which this instance was never sent, was refused.",
            context.RequestAborted);
        return Results.StatusCode(StatusCodes.Status403Forbidden);
    }

    private static async Task<IResult> ReportAsync(HttpContext context, IGuestDirectory directory)
    {
        var report = await ReadAsync<GuestReport>(context);
        var answer = await directory.AcceptReportAsync(Guest.Of(context)!.InstanceId, report, context.RequestAborted);
        var serving = await directory.RecallGatewaysAsync(context.RequestAborted);
        return Json(answer with { Gateways = serving?.Mark == report.GatewaysMark ? null : serving });
    }

    private static async Task<IResult> LogPartAsync(HttpContext context, IGuestDirectory directory)
    {
        var progress = await ReadAsync<LogProgress>(context);
        return await directory.AcceptLogProgressAsync(Guest.Of(context)!.InstanceId, progress, context.RequestAborted)
            ? Results.NoContent()

            // No offence: the operation may have ended a moment ago.
            : Results.StatusCode(StatusCodes.Status403Forbidden);
    }

    /// <exception cref="JsonException">Not what it should be; the filter answers.</exception>
    /// <remarks>By the stream: reading the pipe, .NET 10 hides why a body over HTTP/2 was cut off.</remarks>
    internal static async Task<T> ReadAsync<T>(HttpContext context)
        where T : class =>
        await JsonSerializer.DeserializeAsync<T>(context.Request.Body, ProtocolJson.Options, context.RequestAborted)
            ?? throw new JsonException("empty");

    internal static IResult Json<T>(T value) => Results.Json(value, ProtocolJson.Options);

    private sealed class BodyLimit : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => 1024 * 1024;
    }
}
