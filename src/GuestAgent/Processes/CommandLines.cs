using System.Globalization;
using Dbaas.Datastores.Contract;
using Dbaas.GuestProtocol;

namespace Dbaas.GuestAgent.Processes;

/// <summary>How a program is started under its user.</summary>
internal static class CommandLines
{
    // Database servers live in folders that an ordinary user's path lacks.
    private const string SystemFolders = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    // By this the plane finds what belongs to a server where no namespace tells; it gave it to the agent.
    private const string PlaneMark = "DBAAS_SERVER";

    private static string SearchPath =>
        System.Environment.GetEnvironmentVariable("PATH") is { Length: > 0 } path ? $"{path}:{SystemFolders}" : SystemFolders;

    /// <summary>The full path of a program.</summary>
    /// <exception cref="DatastoreException">Permanent: it is not there.</exception>
    public static string Locate(string program) =>
        program.Contains('/', StringComparison.Ordinal) && File.Exists(program)
            ? program
            : SearchPath.Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists)
                ?? throw new DatastoreException(FaultKind.Permanent, $"The program {program} is not installed on this server.");

    /// <summary>Programs and arguments; each one gives way to the next in the same process, so the pid stays.</summary>
    public static IReadOnlyList<string> For(ProcessSpec program)
    {
        string[] asUser = [];
        if (program.UserId is { } user)
        {
            var id = user.ToString(CultureInfo.InvariantCulture);

            // A hole in the engine gives its user, and no way back to root by a program with the set-user-id bit.
            asUser =
            [
                "setpriv", "--reuid", id, "--regid", id, "--clear-groups", "--no-new-privs", "--bounding-set=-all", "--inh-caps=-all", "--",
            ];
        }

        return [.. asUser.Select((word, i) => i == 0 ? Locate(word) : word), Locate(program.Program), .. program.Arguments];
    }

    /// <summary>
    /// All that a program gets: nothing of the agent's own environment but the search path and the plane's mark, and no time zone of the
    /// host.
    /// </summary>
    public static Dictionary<string, string> Environment(string mark, string markValue)
    {
        var environment = new Dictionary<string, string>
        {
            ["PATH"] = SearchPath, ["LANG"] = "C.UTF-8", ["TZ"] = "UTC", [mark] = markValue,
        };
        if (System.Environment.GetEnvironmentVariable(PlaneMark) is { } planeMark)
        {
            environment[PlaneMark] = planeMark;
        }

        return environment;
    }
}
