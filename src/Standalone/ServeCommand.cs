using System.CommandLine;
using Dbaas.Hosting;
using Dbaas.Hosting.Configuration;

namespace Dbaas.Standalone;

/// <summary>Runs the service in the foreground.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var state = new Option<DirectoryInfo>("--state")
        {
            Description = "The state folder: database, keys, instances, openrc.", Required = true,
        };
        var agent = new Option<FileInfo>("--agent") { Description = "The published guest agent.", Required = true };
        var apiPort = new Option<int?>("--api-port") { Description = "The database API's port on 127.0.0.1 (8779)." };
        var identityPort = new Option<int?>("--identity-port") { Description = "The identity's port on 127.0.0.1 (5000)." };
        var config = new Option<FileInfo?>(
            "--config") { Description = "A configuration file (JSON); docs/configuration.md lists all settings." };
        var command = new Command("serve", "Runs the service until it is told to stop.") { state, agent, apiPort, identityPort, config };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var file = parsed.GetValue(config)?.FullName;
            var settings = SettingsReader.Read(file);
            settings = settings with
            {
                Home = parsed.GetRequiredValue(state).FullName,
                Agent = parsed.GetRequiredValue(agent).FullName,
                ApiPort = parsed.GetValue(apiPort) ?? settings.ApiPort,
                IdentityPort = parsed.GetValue(identityPort) ?? settings.IdentityPort,
            };
            return await NodeProgram.UntilStoppedAsync(() => Service.RunAsync(settings, file, cancellationToken), cancellationToken);
        });
        return command;
    }
}
