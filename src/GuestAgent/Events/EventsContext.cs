using System.Text.Json;
using System.Text.Json.Serialization;
using Dbaas.GuestProtocol.Reports;

namespace Dbaas.GuestAgent.Events;

/// <summary>How events are written on the disk.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(List<GuestEvent>))]
internal sealed partial class EventsContext : JsonSerializerContext;
