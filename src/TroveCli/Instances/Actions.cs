using System.Text.Json.Nodes;
using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Http;

namespace Dbaas.TroveCli.Instances;

internal static class Actions
{
    public static Task PostAsync(Call call, string id, string action) =>
        call.Api.PostAsync(Paths.Of("instances", id, "action"), new JsonObject { [action] = new JsonObject() }, call.Stop);
}
