using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dbaas.GuestAgent.Commands;

/// <summary>How commands and fences are written on the disk.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(JournalEntry))]
[JsonSerializable(typeof(FenceRecord))]
internal sealed partial class JournalContext : JsonSerializerContext;
