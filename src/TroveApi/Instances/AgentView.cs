using System.Text.Json;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Instances;

/// <summary>What administrators see of an instance's agent and of the role that it acts in.</summary>
internal static class AgentView
{
    public static void Write(Utf8JsonWriter json, InstanceFacts facts)
    {
        if (facts.Agent is { } agent)
        {
            json.WriteStartObject("agent");
            json.WriteString("version", agent.AgentVersion);
            json.WriteNumber("protocol", agent.Protocol);
            json.WriteNumber("oldest_protocol", agent.OldestProtocol);
            json.WriteNumber("newest_protocol", agent.NewestProtocol);
            json.WriteStartArray("capabilities");
            foreach (var capability in agent.Capabilities.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                json.WriteStringValue(capability);
            }

            json.WriteEndArray();
            json.WriteNumber("memory_mb", agent.MachineMemoryMb);
            json.WriteNumber("vcpus", agent.MachineCpus);
            json.WriteEndObject();
        }

        if (facts.Guest is { } guest)
        {
            json.WriteStartObject("role");
            json.WriteNumber("epoch", facts.Instance.RoleEpoch);
            json.WriteNumber("confirmed_epoch", guest.RoleEpoch);
            json.WriteBoolean("lease_held", guest.LeaseHeld);
            if (guest.LeaseUntil > 0)
            {
                json.WriteString("lease_until", Times.Format(guest.LeaseUntil));
            }

            json.WriteEndObject();
        }
    }
}
