using System.Text;
using Spectre.Console;

namespace Dbaas.TroveCli.Output;

/// <summary>What the user sees and types: results on Out, progress and errors on Error.</summary>
/// <param name="ErrorIsLive">Error is a terminal, so one line may be redrawn.</param>
/// <param name="AskSecret">Asks without echo; null when nobody is there to answer.</param>
internal sealed record Terminal(
    TextReader In, TextWriter Out, TextWriter Error, bool ErrorIsLive, Func<string, string>? AskSecret)
{
    /// <summary>UTF-8 whatever the locale says: names and passwords must keep their bytes.</summary>
    public static Terminal OfThisProcess()
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
        return new Terminal(
            new StreamReader(Console.OpenStandardInput(), utf8),
            new StreamWriter(Console.OpenStandardOutput(), utf8) { AutoFlush = true },
            new StreamWriter(Console.OpenStandardError(), utf8) { AutoFlush = true },
            ErrorIsLive: !Console.IsErrorRedirected,
            AskSecret: Console.IsInputRedirected || Console.IsErrorRedirected ? null : Ask);
    }

    private static string Ask(string question)
    {
        // On the error stream, so that the question is not in the output that a script keeps.
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Prompt(new TextPrompt<string>(Markup.Escape(question)).Secret(mask: null));
    }
}
