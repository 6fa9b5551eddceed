using System.CommandLine;
using System.Globalization;
using Dbaas.TroveCli.Commands;
using Dbaas.TroveCli.Failures;
using Dbaas.TroveCli.Http;
using Dbaas.TroveCli.Output;

namespace Dbaas.TroveCli.Logs;

/// <summary>Reads what was published, as it comes.</summary>
internal static class LogTexts
{
    private const int DefaultLines = 50;

    public static IEnumerable<Command> All(CommandContext context) => [Tail(context), Save(context)];

    private static TroveCommand Tail(CommandContext context)
    {
        var (instance, log) = (Parts.Instance(), LogCommands.Log());
        var lines = Parts.Number("lines", "number", $"How many lines; 0: all. Otherwise {DefaultLines}.");
        return new TroveCommand(
            "log-tail", "Shows the last lines of what was published of a log.", "trove log-tail m1 slow_query --lines 20", instance, log,
            lines)
            .Does(context, async call =>
            {
                if (call.Json)
                {
                    throw new UsageException("A log is text, and no document: leave --json out.");
                }

                var path = await PathAsync(call, call.Get(instance), call.Get(log));
                var wanted = call.Get(lines) ?? DefaultLines;
                var query = wanted == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"?lines={wanted}");
                await call.Api.ReadAsync(path + query, ShowAsync, call.Stop);

                async Task ShowAsync(Stream text)
                {
                    using var reader = new StreamReader(text);
                    while (await reader.ReadLineAsync(call.Stop) is { } line)
                    {
                        // What clients have said to a database is not to command a terminal.
                        call.Terminal.Out.WriteLine(string.Join('\t', line.Split('\t').Select(Visible.Text)));
                    }
                }
            });
    }

    private static TroveCommand Save(CommandContext context)
    {
        var (instance, log) = (Parts.Instance(), LogCommands.Log());
        var file = Parts.Text("file", "file", "Where to; otherwise trove-ID-LOG.log in this folder.");
        return new TroveCommand(
            "log-save", "Saves all that was published of a log to a file.", "trove log-save m1 slow_query --file slow.log", instance, log,
            file)
            .Does(context, async call =>
            {
                var id = await call.Find.InstanceIdAsync(call.Get(instance));
                var target = call.Get(file) ?? $"trove-{id}-{call.Get(log)}.log";
                await call.Api.ReadAsync(Paths.Of("instances", id, "log", call.Get(log)), WriteAsync, call.Stop);
                call.Say($"Log \"{call.Get(log)}\" written to {target}");

                async Task WriteAsync(Stream text)
                {
                    try
                    {
                        await using var written = File.Create(target);
                        await text.CopyToAsync(written, call.Stop);
                    }
                    catch (UnauthorizedAccessException e)
                    {
                        throw new TroveException($"{target} cannot be written: {e.Message}");
                    }
                }
            });
    }

    private static async Task<string> PathAsync(Call call, string instance, string log) =>
        Paths.Of("instances", await call.Find.InstanceIdAsync(instance), "log", log);
}
