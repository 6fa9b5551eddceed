using System.CommandLine;
using System.Text.Json.Nodes;
using Dbaas.TroveCli.Http;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Commands;

/// <summary>One run of one command.</summary>
internal sealed class Call(CommandContext context, ParseResult parsed, CancellationToken stop)
{
    public TroveClient Api => context.Api;

    public Terminal Terminal => context.Terminal;

    public TimeProvider Clock => context.Clock;

    public Func<string, string?> Environment => context.Environment;

    public CancellationToken Stop => stop;

    public Finder Find { get; } = new(context.Api, stop);

    public bool Json => parsed.GetValue(GlobalOptions.Json);

    /// <summary>The value of a required argument.</summary>
    public T Get<T>(Argument<T> argument) => parsed.GetValue(argument)!;

    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    /// <summary>The option was named, with or without a value.</summary>
    public bool Has(Option option) => parsed.GetResult(option) is { Implicit: false };

    /// <summary>Prints the API's own document with --json, and the form for people without.</summary>
    public void Print(JsonNode document, Action<Printer> forPeople)
    {
        var printer = new Printer(Terminal);
        if (Json)
        {
            printer.Json(document);
        }
        else
        {
            forPeople(printer);
        }
    }

    /// <summary>Says that a request without an answer was accepted. Silent with --json: there is no document.</summary>
    public void Say(string line)
    {
        if (!Json)
        {
            Terminal.Out.WriteLine(Visible.Text(line));
        }
    }
}
