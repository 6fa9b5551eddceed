using System.Text.RegularExpressions;
using Dbaas.GuestProtocol;
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
            || Protocol(request) is not { } protocol)
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

        var secret = EnrolmentSecret.Hash(request.Secret ?? "");
        if (!await directory.TryUseEnrolmentSecretAsync(request.InstanceId!, secret, key.Hash, context.RequestAborted))
        {
            await directory.RecordRefusalAsync(
                request.InstanceId!,
                RefusalKinds.Enrolment,
                $"An enrolment from {context.Connection.RemoteIpAddress} with a wrong or used secret was refused.",
                context.RequestAborted);
            return Results.StatusCode(StatusCodes.Status403Forbidden);
        }

        var issued = authority.Issue(request.InstanceId!, key);

        // The secret has done its work: whoever records the enrolment must not be able to write it down.
        await directory.RecordEnrolmentAsync(request.InstanceId!, issued.Serial, request with { Secret = "" }, context.RequestAborted);
        return GuestGateway.Json(new EnrolmentAnswer(issued.Pem, protocol));
    }

    public static async Task<IResult> RenewAsync(HttpContext context, IGuestDirectory directory, CertificateAuthority authority)
    {
        var request = await GuestGateway.ReadAsync<RenewalRequest>(context);
        if (AgentKey.Read(request.CertificateRequest ?? "") is not { } key)
        {
            return Results.BadRequest();
        }

        var guest = Guest.Of(context)!;
        var issued = authority.Issue(guest.InstanceId, key);
        return await directory.TryRecordRenewalAsync(guest.InstanceId, guest.Serial, issued.Serial, context.RequestAborted)
            ? GuestGateway.Json(new EnrolmentAnswer(issued.Pem, ProtocolVersion.Current))
            : Results.StatusCode(StatusCodes.Status403Forbidden);
    }

    /// <summary>The newest version that both speak; null when there is none.</summary>
    private static int? Protocol(EnrolmentRequest request)
    {
        var newest = Math.Min(request.NewestProtocol, ProtocolVersion.Current);
        return newest >= Math.Max(request.OldestProtocol, ProtocolVersion.Oldest) ? newest : null;
    }

    // No dot: an instance can never be called what the gateway is called.
    [GeneratedRegex(@"^[A-Za-z0-9-]{1,64}\z")]
    private static partial Regex InstanceName();
}
