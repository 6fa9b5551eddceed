using System.Globalization;
using Dbaas.TroveApi.Http;
using Dbaas.TroveApi.Instances;

namespace Dbaas.TroveApi.Configurations;

/// <summary>
/// <c>GET /instances/{id}/configuration</c>: the values that an instance of this size begins with, as in Trove's template.
/// </summary>
internal sealed class DefaultsEndpoint(InstanceReader reader)
{
    private const int Kilobyte = 1024;
    private const int Megabyte = 1024 * 1024;

    public async Task<Answer> ShowAsync(ApiRequest request)
    {
        var facts = await reader.FindAsync(request, request.Id("id"));
        return Answer.Json(json =>
        {
            json.WriteStartObject("instance");
            json.WriteStartObject("configuration");
            foreach (var (name, value) in Values(facts.Instance.MemoryMb, facts.Instance.Port))
            {
                json.WriteString(name, value.ToString(CultureInfo.InvariantCulture));
            }

            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    private static IEnumerable<(string Name, long Value)> Values(int memoryMb, int port)
    {
        yield return ("port", port);
        yield return ("key_buffer_size", Of(50L * Megabyte));
        yield return ("max_allowed_packet", Of(1024L * Kilobyte));
        yield return ("thread_cache_size", Of(4));
        yield return ("innodb_buffer_pool_size", Of(150L * Megabyte));
        yield return ("tmp_table_size", Of(16L * Megabyte));
        yield return ("max_heap_table_size", Of(16L * Megabyte));
        yield return ("table_open_cache", Of(256));
        yield return ("table_definition_cache", Of(256));
        yield return ("open_files_limit", Of(512));
        yield return ("max_connections", Of(100));
        yield return ("max_user_connections", Of(100));
        yield return ("connect_timeout", 15);
        yield return ("wait_timeout", 120);

        // Trove's unit: so much for each 512 MB of memory.
        long Of(long perUnit) => perUnit * memoryMb / 512;
    }
}
