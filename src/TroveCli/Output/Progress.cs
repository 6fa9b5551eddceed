using Spectre.Console;
using Spectre.Console.Rendering;

namespace Dbaas.TroveCli.Output;

/// <summary>How far something is: drawn on a terminal again and again; elsewhere a line for each step.</summary>
internal sealed class Progress(Terminal terminal, string name)
{
    private const int BarWidth = 40;
    private static readonly TimeSpan Often = TimeSpan.FromSeconds(10);
    private static readonly Style Done = new(Color.Green);
    private static readonly Style Rest = new(Color.Grey);

    private Sight? last;
    private TimeSpan told;

    /// <summary>Runs what looks, and shows what it sees. The drawing is gone at the end, and makes room for the result.</summary>
    public async Task<T> RunAsync<T>(Func<Action<Sight, TimeSpan>, Task<T>> look) => terminal.ErrorIsLive
        ? await terminal.Draw(terminal.Error).Live(new Text("")).AutoClear(true)
            .StartAsync(picture => look((sight, elapsed) => picture.UpdateTarget(Picture(sight, elapsed))))
        : await look(Tell);

    private void Tell(Sight sight, TimeSpan elapsed)
    {
        // An amount changes each second; a log wants to know less often.
        if (sight.State != last?.State || (sight != last && elapsed - told >= Often))
        {
            terminal.Error.WriteLine($"{name}: {Visible.Text($"{sight}")} ({Duration.Text(elapsed)})");
            told = elapsed;
        }

        last = sight;
    }

    private Rows Picture(Sight sight, TimeSpan elapsed)
    {
        var lines = new List<IRenderable> { new Text($"{name}: {Visible.Text(sight.State)} ({Duration.Text(elapsed)})") };
        if (sight.Share is { } share)
        {
            var done = (int)(Math.Clamp(share, 0, 1) * BarWidth);
            lines.Add(new Paragraph()
                .Append(new string('━', done), Done)
                .Append(new string('─', BarWidth - done), Rest)
                .Append(sight.Amount is { } amount ? $" {Visible.Text(amount)}" : ""));
        }

        return new Rows(lines);
    }
}
