using System.CommandLine;
using Dbaas.Standalone;

var program = new RootCommand("The whole service in one process: API, task manager, built-in identity, local compute plane, SQLite.")
{
    ServeCommand.Create(),
    PurgeCommand.Create(),
    RotateKeyCommand.Create(),
};
try
{
    return await program.Parse(args).InvokeAsync(
        new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(45), EnableDefaultExceptionHandler = false });
}
catch (Exception e) when (ExpectedFailure.Words(e) is { } words)
{
    await Console.Error.WriteLineAsync("dbaas: " + words);
    return 1;
}
