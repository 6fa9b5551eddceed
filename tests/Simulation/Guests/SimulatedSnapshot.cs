using System.Text.Json;
using Dbaas.GuestProtocol;

namespace Dbaas.Simulation.Guests;

/// <summary>What a simulated master offers. Only simulated guests open it.</summary>
internal sealed record SimulatedSnapshot(string SnapshotId, string MasterId, int Epoch, string SlaveId, string Password)
{
    private const string Kind = "simulation.snapshot";

    public OpaqueDocument Seal() => new(Kind, 1, JsonSerializer.SerializeToUtf8Bytes(this));

    public static SimulatedSnapshot Open(OpaqueDocument document) => document.Kind == Kind
        ? JsonSerializer.Deserialize<SimulatedSnapshot>(document.Payload.Span)!
        : throw new GuestFaultException(FaultKind.Unsupported, $"Unknown document {document}.");
}
