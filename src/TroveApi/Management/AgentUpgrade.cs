using System.Text.Json;
using Dbaas.Domain.Operations;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Http;
using Dbaas.TroveApi.Instances;

namespace Dbaas.TroveApi.Management;

/// <summary>The action <c>upgrade_agent</c>: one instance's agent is brought to the release that the control plane has.</summary>
internal sealed class AgentUpgrade(IDatabase database, ReadyOnly ready)
{
    public async Task<Answer> StartAsync(ApiRequest request, InstanceFacts facts, JsonField value)
    {
        value.Only();
        var release = await database.ReadAsync(AgentReleaseRows.Find, request.Cancelled)
            ?? throw FaultException.Unprocessable("There is no release of the agent to upgrade to.");
        if (facts.Agent is { Protocol: < UpgradeAgent.SinceProtocol } old)
        {
            throw FaultException.Unprocessable(
                $"The agent of instance {facts.Instance.Id} ({old.AgentVersion}) is too old to be upgraded by its control plane.");
        }

        return facts.Agent?.AgentVersion == release.Version
            ? throw FaultException.Unprocessable($"The agent of instance {facts.Instance.Id} is {release.Version} already.")
            : await ready.StartAsync(
                request,
                facts,
                OperationKinds.UpgradeAgent,
                JsonSerializer.Serialize(UpgradeAgentGoal.Of(release), JsonSerializerOptions.Web));
    }
}
