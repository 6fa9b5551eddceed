using System.Text.Json;
using Dbaas.Domain.Configurations;
using Dbaas.Domain.Operations;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Instances;

/// <summary>Gives an instance a configuration group, or takes it off one. Its database goes on serving.</summary>
internal sealed class ConfigurationAttachment(
    IDatabase database, InstanceReader reader, OperationStart start, ConfigurationWait wait)
{
    /// <exception cref="FaultException">It has one, the group does not fit, or the instance cannot be worked on now.</exception>
    public async Task<Answer> AttachAsync(ApiRequest request, InstanceFacts facts, string configurationId, string? newName)
    {
        var instance = facts.Instance;
        if (instance.ConfigurationId is { } attached)
        {
            throw FaultException.BadRequest($"Instance {instance.Id} already has a Configuration Group attached: {attached}.");
        }

        var group = await database.ReadAsync(
            unit => ConfigurationChoice.Find(unit, request, configurationId, facts.Version), request.Cancelled);
        ConfigurationChoice.CheckSize(group, instance.MemoryMb, instance.VolumeSize);
        return await StartAsync(request, facts, new ApplyConfigurationGoal(Attached: group.Id), newName, unit =>
        {
            GuardException.Unless(ConfigurationRows.AddInstance(unit, group.Id, group.ValuesVersion));
            GuardException.Unless(InstanceConfigurations.TryAttach(unit, instance.Id, group.Id));
        });
    }

    /// <exception cref="FaultException">The instance cannot be worked on now.</exception>
    public Task<Answer> DetachAsync(ApiRequest request, InstanceFacts facts, string? newName)
    {
        var (id, group) = (facts.Instance.Id, facts.Instance.ConfigurationId!);
        return StartAsync(
            request,
            facts,
            new ApplyConfigurationGoal(Detached: group),
            newName,
            unit => GuardException.Unless(InstanceConfigurations.TryBeginDetach(unit, id, group)));
    }

    private async Task<Answer> StartAsync(
        ApiRequest request, InstanceFacts facts, ApplyConfigurationGoal goal, string? newName, Action<IUnit> also)
    {
        var id = facts.Instance.Id;
        if (await database.ReadAsync(unit => GuestRows.FindAgent(unit, id), request.Cancelled) is { } agent
            && GuestCommand.WhyNotBy(typeof(ApplyConfiguration), agent.Protocol) is { } why)
        {
            throw FaultException.Unprocessable($"Instance {id}: {why}");
        }

        if (facts.Status.IsActive && !facts.IsHealthy)
        {
            throw FaultException.NotAvailable(id, facts.Status.OperatingStatus);
        }

        var wish = new OperationWish(OperationKinds.ApplyConfiguration, id, StartMode.WhenReady)
        {
            Goal = JsonSerializer.Serialize(goal, JsonSerializerOptions.Web),
            NewName = newName,
        };
        if (!facts.Status.IsActive || !await start.TryAllAsync([wish], also, request.Cancelled))
        {
            throw FaultException.NotAvailable(id, Busy.Word(await reader.FindAsync(request, id)));
        }

        await wait.ForInstanceAsync(id, request.Cancelled);
        return Answer.Accepted;
    }
}
