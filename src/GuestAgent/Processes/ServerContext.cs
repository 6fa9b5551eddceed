using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dbaas.GuestAgent.Processes;

/// <summary>How the server is written on the disk.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ServerRecord))]
internal sealed partial class ServerContext : JsonSerializerContext;
