using System.CommandLine;
using Dbaas.Hosting.Configuration;

namespace Dbaas.Standalone;

/// <summary>A new key for secrets at rest, beside the former ones.</summary>
internal static class RotateKeyCommand
{
    public static Command Create()
    {
        var state = new Option<DirectoryInfo>("--state") { Description = "The state folder.", Required = true };
        var command = new Command(
            "rotate-key",
            "Puts a new key first into master.key. The service takes it at its next start, and encrypts its secrets anew under it.")
        {
            state,
        };
        command.SetAction(async parsed =>
        {
            var folder = parsed.GetRequiredValue(state);
            if (!folder.Exists)
            {
                throw new DirectoryNotFoundException($"There is no state folder {folder.FullName}.");
            }

            var settings = new StateFolder(folder.FullName).LastSettings();
            MasterKeys.Ensure(settings);
            _ = MasterKeys.Read(settings);
            MasterKeys.AddNew(MasterKeys.FileOf(settings));
            await Console.Out.WriteLineAsync(
                "master.key begins with a new key. Restart the service; when its log says that everything is encrypted under the first "
                    + "key, the other lines can be removed.");
            return 0;
        });
        return command;
    }
}
