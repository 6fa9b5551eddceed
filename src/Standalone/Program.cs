using System.CommandLine;
using Dbaas.Standalone;

return await new RootCommand("The whole service in one process: API, task manager, built-in identity, local compute plane, SQLite.")
{
    ServeCommand.Create(),
    PurgeCommand.Create(),
}.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(45) });
