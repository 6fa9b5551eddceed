using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dbaas.GuestAgent.Reporting;

/// <summary>How the role is written on the disk.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(RoleRecord))]
internal sealed partial class RoleContext : JsonSerializerContext;
