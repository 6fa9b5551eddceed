using System.Text.Json;
using Dbaas.Domain.Guests;

namespace Dbaas.TroveApi.Instances;

/// <summary>How far the long work of an operation is, as its guest last said.</summary>
internal static class OperationProgress
{
    /// <param name="jobs">The guest's, see <see cref="GuestState.Jobs"/>.</param>
    /// <param name="operationId">A question's id begins with that of the operation that asks it.</param>
    /// <returns>Null: it is not known.</returns>
    public static JobProgress? Find(string? jobs, string? operationId) => jobs is null || operationId is null
        ? null
        : JsonSerializer.Deserialize<List<JobProgress>>(jobs, JsonSerializerOptions.Web)!
            .FirstOrDefault(job => job.CommandId.StartsWith($"{operationId}/", StringComparison.Ordinal));

    /// <summary>The same of a guest that does one thing, whoever asks for it.</summary>
    public static JobProgress? Any(string? jobs) => jobs is null
        ? null
        : JsonSerializer.Deserialize<List<JobProgress>>(jobs, JsonSerializerOptions.Web)!.FirstOrDefault();

    /// <summary>Nothing where it is not known.</summary>
    public static void Write(Utf8JsonWriter json, JobProgress? progress)
    {
        if (progress is null)
        {
            return;
        }

        json.WriteStartObject("progress");
        json.WriteNumber("done_bytes", progress.DoneBytes);
        Number("of_bytes", progress.OfBytes);
        json.WriteNumber("bytes_per_second", progress.BytesPerSecond);
        Number("seconds_left", progress.SecondsLeft);
        json.WriteEndObject();

        void Number(string name, long? value)
        {
            if (value is { } known)
            {
                json.WriteNumber(name, known);
            }
        }
    }
}
