using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Dbaas.TaskManager.Guests.Gateway;

/// <summary>
/// Before each call: the right listener, a certificate that is good today, a time limit; after it: what could not be read.
/// </summary>
internal sealed class GuestCallFilter(
    IGuestDirectory directory, CertificateAuthority authority, TimeProvider time, IHostApplicationLifetime program) : IEndpointFilter
{
    // The long poll's 60 s, and time to answer.
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(90);

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        if (context.Features.Get<GuestGatewayListener.GuestConnection>() is null)
        {
            return Results.NotFound();
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, program.ApplicationStopping);
        limit.CancelAfter(context.GetEndpoint()?.Metadata.GetMetadata<TakesLong>()?.Limit ?? AnswerWithin);
        context.RequestAborted = limit.Token;
        try
        {
            return await RefusalAsync(context) ?? await next(invocation);
        }
        catch (BadHttpRequestException e)
        {
            return Results.StatusCode(e.StatusCode);
        }
        catch (JsonException)
        {
            return Results.BadRequest();
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            // The caller has gone or has waited long enough, or the program is to end. An answer that has begun is cut off.
            if (context.Response.HasStarted)
            {
                context.Abort();
                return Results.Empty;
            }

            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }
    }

    private async Task<IResult?> RefusalAsync(HttpContext context)
    {
        var open = context.GetEndpoint()?.Metadata.GetMetadata<OpenToStrangers>() is not null;
        if (context.Connection.ClientCertificate is not { } certificate)
        {
            return open ? null : Results.Unauthorized();
        }

        // The handshake has seen that it is of our authority: the name in it is ours.
        var instanceId = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        var now = time.GetUtcNow().UtcDateTime;
        var ended = certificate.NotAfter.ToUniversalTime();
        if (now - ended > authority.Grace)
        {
            await directory.RecordRefusalAsync(
                instanceId,
                RefusalKinds.Certificate,
                $"A certificate that had run out on {ended:yyyy-MM-dd} was refused: it could be renewed for "
                    + $"{authority.Grace.TotalDays:0.#} days after.",
                context.RequestAborted);
            return Results.StatusCode(StatusCodes.Status403Forbidden);
        }

        if (now < certificate.NotBefore.ToUniversalTime()
            || (now > ended && context.GetEndpoint()?.Metadata.GetMetadata<OpenToLatecomers>() is null))
        {
            // No offence: the agent is to renew it, and then to come again.
            return Results.Unauthorized();
        }

        var atOnce = context.GetEndpoint()?.Metadata.GetMetadata<ComesOften>() is null;
        if (!await directory.IsCurrentCertificateAsync(instanceId, certificate.SerialNumber, atOnce, context.RequestAborted))
        {
            await directory.RecordRefusalAsync(
                instanceId,
                RefusalKinds.Certificate,
                $"A certificate ({certificate.SerialNumber}) that is not good any more was refused.",
                context.RequestAborted);
            return Results.StatusCode(StatusCodes.Status403Forbidden);
        }

        new Guest(instanceId, certificate.SerialNumber, time).KeepIn(context);
        return null;
    }
}
