using System.Globalization;
using Dbaas.Domain;

namespace Dbaas.Simulation;

/// <summary>Ids that are the same in every run.</summary>
public sealed class SequentialIds(long last = 0) : IIdSource
{
    /// <summary>The number of the last one.</summary>
    public long Last => last;

    /// <inheritdoc />
    public string NewId() => "00000000-0000-7000-8000-" + Interlocked.Increment(ref last).ToString("D12", CultureInfo.InvariantCulture);

    /// <inheritdoc />
    public string NewSecret(int length) => Interlocked.Increment(ref last).ToString(CultureInfo.InvariantCulture).PadLeft(length, 's');
}
