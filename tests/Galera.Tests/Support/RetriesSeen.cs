using System.Diagnostics.Metrics;
using Dbaas.Persistence;

namespace Dbaas.Galera.Tests.Support;

/// <summary>How many units ran again, as the service counts it.</summary>
public sealed class RetriesSeen : IDisposable
{
    private readonly MeterListener listener = new();
    private long count;

    private RetriesSeen(string? @class)
    {
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == DatabaseMetrics.Name && instrument.Name == "dbaas.database.retries")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            if (@class is null || tags.ToArray().Any(tag => Equals(tag.Value, @class)))
            {
                Interlocked.Add(ref count, value);
            }
        });
        listener.Start();
    }

    public long Count => Interlocked.Read(ref count);

    /// <summary>From now on, of one class of errors; null: of all.</summary>
    public static RetriesSeen Of(string? @class) => new(@class);

    public void Dispose() => listener.Dispose();
}
