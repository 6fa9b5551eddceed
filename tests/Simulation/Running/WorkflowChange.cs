using Dbaas.Cloud.Ports;
using Dbaas.TaskManager.Engine;
using Dbaas.TaskManager.Guests;

namespace Dbaas.Simulation.Running;

/// <summary>Replaces the registered workflows, for tests of the harness itself.</summary>
public delegate IEnumerable<IWorkflow> WorkflowChange(
    INetworks networks, IVolumes volumes, ICompute compute, GuestCommands guests, GuestAccess access);
