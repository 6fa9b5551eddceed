using System.CommandLine;

namespace Dbaas.Standalone;

/// <summary>Removes everything that a service has on this machine, or on the plane that it was configured for.</summary>
internal static class PurgeCommand
{
    public static Command Create()
    {
        var state = new Option<DirectoryInfo>("--state") { Description = "The state folder.", Required = true };
        var command = new Command("purge", "Removes all instances with their data, and the state folder. The service is down.") { state };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var folder = parsed.GetRequiredValue(state).FullName;
            if (Directory.Exists(folder))
            {
                await Purge.RunAsync(folder, cancellationToken);
                Directory.Delete(folder, recursive: true);
            }

            return 0;
        });
        return command;
    }
}
