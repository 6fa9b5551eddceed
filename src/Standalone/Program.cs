using System.CommandLine;
using Dbaas.Hosting;
using Dbaas.Standalone;

return await NodeProgram.InvokeAsync(
    new RootCommand("The whole service in one process: API, task manager, built-in identity, local compute plane, SQLite.")
    {
        ServeCommand.Create(),
        PurgeCommand.Create(),
        RotateKeyCommand.Create(),
    },
    args);
