using System.Text.RegularExpressions;
using Dbaas.GuestProtocol.Channel;
using Microsoft.AspNetCore.Http;

namespace Dbaas.TaskManager.Guests.Gateway;

/// <summary>How agents get their certificates.</summary>
internal static partial class EnrolmentEndpoints
{
    public static async Task<IResult> EnrolAsync(HttpContext context, IGuestDirectory directory, CertificateAuthority authority)
    {
        var request = await GuestGateway.ReadAsync<EnrolmentRequest>(context);
        if (!InstanceName().IsMatch(request.InstanceId ?? "")
            || AgentKey.Read(request.CertificateRequest ?? "") is not { } key
            || !HelloEndpoint.IsWhole(request.Hello))
        {
            return Results.BadRequest();
        }

        if (Guest.Of(context) is { } caller && caller.InstanceId != request.InstanceId)
        {
            await directory.RecordRefusalAsync(
                caller.InstanceId,
                RefusalKinds.OtherGuest,
                $"An enrolment as the instance {request.InstanceId} with this instance's certificate was refused.",
                context.RequestAborted);
            return Results.StatusCode(StatusCodes.Status403Forbidden);
        }

        var used = new UsedSecret(request.InstanceId!, EnrolmentSecret.Hash(request.Secret ?? ""), key.Hash);
        if (!await directory.TryUseEnrolmentSecretAsync(used, context.RequestAborted))
        {
            return await RefuseAsync($"An enrolment from {context.Connection.RemoteIpAddress} with a wrong or used secret was refused.");
        }

        // Behind the secret, so that strangers cannot fill the history with it. The same agent, brought up to date, may use the secret
        // again.
        if (HelloEndpoint.Protocol(request.Hello) is not { } protocol)
        {
            return await HelloEndpoint.NoCommonProtocolAsync(context, directory, used.InstanceId, request.Hello);
        }

        var issued = authority.Issue(used.InstanceId, key);
        return await directory.TryRecordEnrolmentAsync(used, issued.Serial, request.Hello, protocol, context.RequestAborted)
            ? GuestGateway.Json(new EnrolmentAnswer(issued.Pem, protocol))
            : await RefuseAsync(
                $"An enrolment from {context.Connection.RemoteIpAddress} was refused: its secret was revoked while it was used.");

        async Task<IResult> RefuseAsync(string message)
        {
            await directory.RecordRefusalAsync(used.InstanceId, RefusalKinds.Enrolment, message, context.RequestAborted);
            return Results.StatusCode(StatusCodes.Status403Forbidden);
        }
    }

    public static async Task<IResult> RenewAsync(HttpContext context, IGuestDirectory directory, CertificateAuthority authority)
    {
        var request = await GuestGateway.ReadAsync<RenewalRequest>(context);
        if (AgentKey.Read(request.CertificateRequest ?? "") is not { } key || !HelloEndpoint.IsWhole(request.Hello))
        {
            return Results.BadRequest();
        }

        var guest = Guest.Of(context)!;
        if (HelloEndpoint.Protocol(request.Hello) is not { } protocol)
        {
            return await HelloEndpoint.NoCommonProtocolAsync(context, directory, guest.InstanceId, request.Hello);
        }

        var issued = authority.Issue(guest.InstanceId, key);
        return await directory.TryRecordRenewalAsync(
            guest.InstanceId, guest.Serial, issued.Serial, request.Hello, protocol, context.RequestAborted)
            ? GuestGateway.Json(new EnrolmentAnswer(issued.Pem, protocol))
            : Results.StatusCode(StatusCodes.Status403Forbidden);
    }

    // No dot: an instance can never be called what the gateway is called.
    [GeneratedRegex(@"^[A-Za-z0-9-]{1,64}\z")]
    private static partial Regex InstanceName();
}
