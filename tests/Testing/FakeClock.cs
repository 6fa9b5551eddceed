using System.Globalization;

namespace Dbaas.Testing;

/// <summary>
/// The variables by which libfaketime gives a process a clock of its own. What measures how much time has passed is left as it is: that is
/// of no machine's clock.
/// </summary>
public static class FakeClock
{
    private static readonly (string Name, string Value)[] Library =
    [
        ("LD_PRELOAD", "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"), ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
    ];

    /// <summary>So far ahead of the machine's.</summary>
    public static (string Name, string Value)[] Ahead(TimeSpan ahead) => [.. Library, ("FAKETIME", Text(ahead))];

    /// <summary>As far ahead as <see cref="Set"/> has written into a file, and as it writes later.</summary>
    public static (string Name, string Value)[] By(string file) =>
        [.. Library, ("FAKETIME_TIMESTAMP_FILE", file), ("FAKETIME_NO_CACHE", "1")];

    /// <summary>Sets the clock of a process that looks into this file.</summary>
    public static void Set(string file, TimeSpan ahead) => File.WriteAllText(file, Text(ahead));

    private static string Text(TimeSpan ahead) => string.Create(CultureInfo.InvariantCulture, $"{ahead.TotalSeconds:+0.0;-0.0}s");
}
