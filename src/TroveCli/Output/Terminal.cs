using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Dbaas.TroveCli.Output;

/// <summary>What the user sees and types: results on Out, progress and errors on Error.</summary>
/// <param name="ErrorIsLive">Error is a terminal, so lines may be redrawn.</param>
/// <param name="AskSecret">Asks without echo; null when nobody is there to answer.</param>
internal sealed record Terminal(
    TextReader In, TextWriter Out, TextWriter Error, bool ErrorIsLive, Func<string, string>? AskSecret)
{
    /// <summary>Out is a terminal: tables have to fit it.</summary>
    public bool OutIsLive { get; init; }

    /// <summary>How wide the terminal is at this moment.</summary>
    public Func<int> Columns { get; init; } = () => 80;

    public bool HasColours { get; init; }

    /// <summary>UTF-8 whatever the locale says: names and passwords must keep their bytes.</summary>
    public static Terminal OfThisProcess(Func<string, string?> environment)
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
        var canMove = environment("TERM") is { Length: > 0 } and not "dumb";
        return new Terminal(
            new StreamReader(Console.OpenStandardInput(), utf8),
            new StreamWriter(Console.OpenStandardOutput(), utf8) { AutoFlush = true },
            new StreamWriter(Console.OpenStandardError(), utf8) { AutoFlush = true },
            ErrorIsLive: canMove && !Console.IsErrorRedirected,
            AskSecret: Console.IsInputRedirected || Console.IsErrorRedirected ? null : Ask)
        {
            OutIsLive = canMove && !Console.IsOutputRedirected,
            Columns = () => Console.WindowWidth > 0 ? Console.WindowWidth : 80,
            HasColours = string.IsNullOrEmpty(environment("NO_COLOR")),
        };
    }

    /// <summary>What draws on one of the streams, when that is live.</summary>
    public IAnsiConsole Draw(TextWriter stream) => Make(stream, isLive: true, Columns());

    /// <summary>Writes what is for Out: in colours where Out is a terminal. Whoever made it has looked that it fits.</summary>
    public void Write(IRenderable content, TextWriter stream) => Make(stream, OutIsLive && HasColours, width: 100_000).Write(content);

    private IAnsiConsole Make(TextWriter stream, bool isLive, int width)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isLive ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = isLive && HasColours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = isLive ? InteractionSupport.Yes : InteractionSupport.No,
            Out = new AnsiConsoleOutput(stream),
        });
        console.Profile.Capabilities.Unicode = true;
        console.Profile.Width = width;
        return console;
    }

    private static string Ask(string question)
    {
        // On the error stream, so that the question is not in the output that a script keeps.
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Prompt(new TextPrompt<string>(Markup.Escape(question)).Secret(mask: null));
    }
}
