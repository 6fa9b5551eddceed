using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dbaas.GuestAgent.Transfer;

/// <summary>How offers are written on the disk.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(OfferRecord))]
internal sealed partial class OfferContext : JsonSerializerContext;
