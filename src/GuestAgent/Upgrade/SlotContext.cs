using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dbaas.GuestAgent.Upgrade;

/// <summary>How slots are written on the disk.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(SlotRecord))]
internal sealed partial class SlotContext : JsonSerializerContext;
