using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Dbaas.Testing.Metrics;

/// <summary>What one meter of this process measures from now on. Tests run side by side: each asks for what is its own.</summary>
public sealed class MeterRecord : IDisposable
{
    private readonly ConcurrentQueue<Measured> all = new();
    private readonly MeterListener listener = new();

    public MeterRecord(string meter)
    {
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter.Name == meter)
            {
                listening.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();
    }

    /// <summary>What was measured so far with this tag, gauges as they are now.</summary>
    public IReadOnlyList<Measured> Of(string instrument, string tag, string value)
    {
        listener.RecordObservableInstruments();
        return [.. all.Where(one => one.Instrument == instrument && one.Tags.GetValueOrDefault(tag) == value)];
    }

    public void Dispose() => listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var texts = new Dictionary<string, string>();
        foreach (var (key, text) in tags)
        {
            texts[key] = text?.ToString() ?? "";
        }

        all.Enqueue(new Measured(instrument.Name, value, texts));
    }
}

/// <summary>One measurement.</summary>
public sealed record Measured(string Instrument, double Value, IReadOnlyDictionary<string, string> Tags);
