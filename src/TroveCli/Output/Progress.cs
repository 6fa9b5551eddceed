namespace Dbaas.TroveCli.Output;

/// <summary>One line that is redrawn on a terminal; elsewhere one line for each change.</summary>
internal sealed class Progress(Terminal terminal)
{
    private const string BackToTheStartAndErase = "\r\u001b[K";
    private string? last;

    /// <param name="state">What the operation is at.</param>
    /// <param name="elapsed">Shown on a terminal only: it changes all the time.</param>
    public void Show(string state, TimeSpan elapsed)
    {
        var line = Visible.Text(state);
        if (terminal.ErrorIsLive)
        {
            terminal.Error.Write($"{BackToTheStartAndErase}{line} ({elapsed.TotalSeconds:0} s)");
            terminal.Error.Flush();
        }
        else if (line != last)
        {
            terminal.Error.WriteLine(line);
        }

        last = line;
    }

    /// <summary>Makes room for the next output.</summary>
    public void End()
    {
        if (terminal.ErrorIsLive && last is not null)
        {
            terminal.Error.Write(BackToTheStartAndErase);
            terminal.Error.Flush();
        }
    }
}
