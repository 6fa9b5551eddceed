using System.Text.Json.Nodes;
using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Http;

namespace Dbaas.TroveCli.Instances;

internal static class Actions
{
    public static Task PostAsync(Call call, string id, string action, JsonObject? how = null) =>
        call.Api.PostAsync(Paths.Of("instances", id, "action"), new JsonObject { [action] = how ?? [] }, call.Stop);
}
