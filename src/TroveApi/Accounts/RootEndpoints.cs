using Dbaas.Domain;
using Dbaas.Domain.Instances;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Http;
using Dbaas.TroveApi.Instances;

namespace Dbaas.TroveApi.Accounts;

/// <summary><c>/instances/{id}/root</c>: the administrator that a user may ask for.</summary>
internal sealed class RootEndpoints(
    AccountTargets targets, InstanceReader reader, GuestRequests guests, IDatabase database, IIdSource ids, TimeProvider time)
{
    /// <summary>What the history says when root is enabled; the detail is who did it.</summary>
    public const string Enabled = "root-enabled";

    private const int PasswordLength = 24;

    public async Task<Answer> ShowAsync(ApiRequest request)
    {
        var facts = await reader.FindAsync(request, request.Id("id"));
        return Answer.Json(json => json.WriteBoolean("rootEnabled", facts.Instance.RootEnabled));
    }

    public async Task<Answer> EnableAsync(ApiRequest request)
    {
        var body = await request.OptionalBodyAsync();
        var password = body?.Only("password").FindValue("password")?.Text() ?? ids.NewSecret(PasswordLength);
        AccountRules.Password(password);
        var (facts, _) = await targets.ToWriteAsync(request);

        // Before it is so: a client that hangs up must not leave a root behind that nobody knows of, and nobody can disable.
        await RememberAsync(facts, isEnabled: true, request);
        await guests.TellAsync(facts.Instance.Id, new EnableRoot(password), request.Cancelled);
        return Answer.Json(json =>
        {
            json.WriteStartObject("user");
            json.WriteString("name", "root");
            json.WriteString("password", password);
            json.WriteEndObject();
        });
    }

    public async Task<Answer> DisableAsync(ApiRequest request)
    {
        var (facts, _) = await targets.ToWriteAsync(request);
        if (!facts.Instance.RootEnabled)
        {
            throw FaultException.NotFound("Root user has never been enabled on the instance.");
        }

        await guests.TellAsync(facts.Instance.Id, new DisableRoot(), request.Cancelled);
        await RememberAsync(facts, isEnabled: false, request);
        return Answer.NoContent;
    }

    // What happens to root on a master happens on its slaves.
    private Task RememberAsync(InstanceFacts facts, bool isEnabled, ApiRequest request)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var changes = facts.SlaveIds.Append(facts.Instance.Id)
            .Order(StringComparer.Ordinal)
            .Select(id => (Id: id, Entry: ids.NewId()))
            .ToList();
        return database.WriteAsync(
            unit =>
            {
                foreach (var (id, entry) in changes)
                {
                    InstanceChanges.SetRootEnabled(unit, id, isEnabled);
                    HistoryRows.Add(unit, new HistoryEntry
                    {
                        Id = entry,
                        InstanceId = id,
                        At = now,
                        Event = isEnabled ? Enabled : "root-disabled",
                        Outcome = "asked for",
                        Detail = request.Caller.UserId,
                    });
                }
            },
            request.Cancelled);
    }
}
