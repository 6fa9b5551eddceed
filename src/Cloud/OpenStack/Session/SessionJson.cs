using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dbaas.Cloud.OpenStack.Session;

[JsonSerializable(typeof(JsonElement))]
internal sealed partial class SessionJson : JsonSerializerContext;
