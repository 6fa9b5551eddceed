using System.Globalization;
using System.Text.Json;
using Dbaas.Domain.Catalog;
using Dbaas.Persistence;
using Dbaas.Persistence.Rows;
using Dbaas.TroveApi.Datastores;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Flavors;

/// <summary><c>/flavors</c>: the sizes of servers.</summary>
internal sealed class FlavorEndpoints(IDatabase database)
{
    public async Task<Answer> ListAsync(ApiRequest request) =>
        List(request, await database.ReadAsync(CatalogRows.Flavors, request.Cancelled));

    /// <summary>Those that go with a datastore version: all.</summary>
    public async Task<Answer> ListOfVersionAsync(ApiRequest request)
    {
        _ = await database.ReadAsync(unit => Catalogue.Version(unit, request), request.Cancelled);
        return await ListAsync(request);
    }

    public async Task<Answer> ShowAsync(ApiRequest request)
    {
        var id = request.Id("id");
        var flavor = await database.ReadAsync(unit => CatalogRows.Flavor(unit, id), request.Cancelled) ?? throw FaultException.NoSuch(id);
        return Answer.Json(json =>
        {
            json.WritePropertyName("flavor");
            Write(json, request, flavor);
        });
    }

    private static Answer List(ApiRequest request, IEnumerable<Flavor> flavors) => Answer.Json(json =>
    {
        json.WriteStartArray("flavors");
        foreach (var flavor in flavors)
        {
            Write(json, request, flavor);
        }

        json.WriteEndArray();
    });

    private static void Write(Utf8JsonWriter json, ApiRequest request, Flavor flavor)
    {
        json.WriteStartObject();
        if (int.TryParse(flavor.Id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && flavor.Id[0] != '0')
        {
            json.WriteNumber("id", number);
        }
        else
        {
            json.WriteNull("id");
        }

        json.WriteString("str_id", flavor.Id);
        json.WriteString("name", flavor.Name);
        json.WriteNumber("ram", flavor.MemoryMb);
        json.WriteNumber("vcpus", flavor.Vcpus);
        json.WriteNumber("disk", flavor.DiskGb);
        json.WriteNumber("ephemeral", 0);
        request.Links.Write(json, "flavors", flavor.Id);
        json.WriteEndObject();
    }
}
