namespace Dbaas.TroveCli.Output;

internal static class Duration
{
    /// <summary>Seconds, or minutes and seconds.</summary>
    public static string Text(TimeSpan time) => time.TotalSeconds < 100
        ? $"{time.TotalSeconds:0} s"
        : $"{(int)time.TotalMinutes} min {time.Seconds} s";
}
