using System.Text.Json;
using Dbaas.Domain.Operations;
using Dbaas.GuestProtocol.Commands;
using Dbaas.TroveApi.Accounts;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Logs;

/// <summary><c>/instances/{id}/log</c>: Trove's list, and its one address for all that is done with a log.</summary>
internal sealed class LogEndpoints(
    LogTargets targets, AccountTargets healthy, LogReader logs, GuestRequests guests, LogPublication publication)
{
    private const int LongestName = 64;

    public async Task<Answer> ListAsync(ApiRequest request)
    {
        var instance = await targets.FindAsync(request);
        var found = await logs.ListAsync(instance.Id, request.Cancelled);
        return Answer.Json(json =>
        {
            json.WriteStartArray("logs");
            foreach (var one in found)
            {
                json.WriteStartObject();
                LogView.Write(json, one);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    public async Task<Answer> ActAsync(ApiRequest request)
    {
        var body = (await request.BodyAsync()).Only("name", "enable", "disable", "publish", "discard");
        var name = body["name"].Line(LongestName);
        var (enable, disable, publish, discard) = (
            IsAsked(body, "enable"), IsAsked(body, "disable"), IsAsked(body, "publish"), IsAsked(body, "discard"));
        if (enable && disable)
        {
            throw FaultException.BadRequest("Cannot enable and disable log.");
        }

        var instance = await targets.FindAsync(request);
        var (log, _) = await logs.FindAsync(instance.Id, name, request.Cancelled);
        if (!log.IsChosen && (enable || disable))
        {
            throw FaultException.BadRequest($"Cannot {(enable ? "enable" : "disable")} a SYSTEM log ({name}).");
        }

        // Who publishes a log wants it written, unless he says that he does not.
        var isEnabled = (enable || publish) && !disable;
        if (log.IsChosen && isEnabled != log.IsEnabled && (isEnabled || disable))
        {
            await healthy.ToReadAsync(request);
            await guests.TellAsync(instance.Id, new EnableLog(name, isEnabled), request.Cancelled);
        }

        if (publish || discard)
        {
            await publication.RunAsync(instance.Id, name, new PublishLogGoal(discard, publish), request.Cancelled);
        }

        var after = await logs.FindAsync(instance.Id, name, request.Cancelled);
        return Answer.Json(json =>
        {
            json.WriteStartObject("log");
            LogView.Write(json, after);
            json.WriteEndObject();
        });
    }

    // Trove's clients write 1.
    private static bool IsAsked(JsonField body, string name) => body.FindValue(name) is { } field
        && (field.Element.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? field.Flag()
            : field.Number(0, 1) == 1);
}
