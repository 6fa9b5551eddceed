using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Channel;
using Microsoft.AspNetCore.Http;

namespace Dbaas.TaskManager.Guests.Gateway;

/// <summary>Which protocol version to speak with an agent.</summary>
internal static class HelloEndpoint
{
    public static async Task<IResult> HelloAsync(HttpContext context, IGuestDirectory directory)
    {
        var hello = await GuestGateway.ReadAsync<AgentHello>(context);
        if (!IsWhole(hello))
        {
            return Results.BadRequest();
        }

        var guest = Guest.Of(context)!;
        if (Protocol(hello) is not { } protocol)
        {
            return await NoCommonProtocolAsync(context, directory, guest.InstanceId, hello);
        }

        if (!await directory.TryRecordHelloAsync(guest.InstanceId, guest.Serial, hello, protocol, context.RequestAborted))
        {
            return Results.StatusCode(StatusCodes.Status403Forbidden);
        }

        var serving = await directory.GetGatewaysAsync(context.RequestAborted);
        return GuestGateway.Json(new HelloAnswer(protocol, serving?.Gateways, serving?.Mark));
    }

    /// <summary>Nothing is missing in it. (JSON's null gets past the compiler.)</summary>
    public static bool IsWhole(AgentHello? hello) =>
        hello is { AgentVersion: not null, Capabilities: not null, Machine: not null }
        && hello.OldestProtocol <= hello.NewestProtocol
        && hello.Capabilities.All(capability => capability is not null);

    /// <summary>The highest version that both speak; null when there is none.</summary>
    public static int? Protocol(AgentHello hello) => ProtocolRange.Ours.HighestCommon(Range(hello));

    /// <summary>Recorded, and said to the agent.</summary>
    public static async Task<IResult> NoCommonProtocolAsync(
        HttpContext context, IGuestDirectory directory, string instanceId, AgentHello hello)
    {
        var message = $"The agent speaks version {Range(hello)} of the guest protocol and this control plane version {ProtocolRange.Ours}: "
            + "there is none that both speak.";
        await directory.RecordRefusalAsync(instanceId, RefusalKinds.Protocol, message, context.RequestAborted);
        return Results.Json(new Refusal(message), ProtocolJson.Options, statusCode: StatusCodes.Status409Conflict);
    }

    private static ProtocolRange Range(AgentHello hello) => new(hello.OldestProtocol, hello.NewestProtocol);
}
