using Dbaas.Persistence;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Instances;

/// <summary>Lists of what this service has none of: clients that show all ask for them, and the true answer is an empty list.</summary>
internal sealed class EmptyLists(IDatabase database, InstanceReader reader)
{
    /// <summary>Of a project.</summary>
    public static Func<ApiRequest, Task<Answer>> Of(string name) => _ => Task.FromResult(Empty(name));

    /// <summary>Of an instance that the caller may see.</summary>
    public Func<ApiRequest, Task<Answer>> OfInstance(string name) => async request =>
    {
        await database.ReadAsync(unit => reader.Find(unit, request, request.Id("id")), request.Cancelled);
        return Empty(name);
    };

    private static Answer Empty(string name) => Answer.Json(json =>
    {
        json.WriteStartArray(name);
        json.WriteEndArray();
    });
}
