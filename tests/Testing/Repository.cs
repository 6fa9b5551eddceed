namespace Dbaas.Testing;

/// <summary>Where things are in the checkout that the tests were built from.</summary>
public static class Repository
{
    /// <summary>The folder of Dbaas.sln.</summary>
    public static string Root { get; } = Find();

    /// <summary>The service's program, built in the tests' own configuration.</summary>
    public static string Standalone => Program("Standalone");

    /// <summary>The API as a program of its own.</summary>
    public static string TroveApi => Program("TroveApi");

    /// <summary>The task manager as a program of its own.</summary>
    public static string TaskManager => Program("TaskManager");

    /// <summary>The client's program.</summary>
    public static string TroveCli => Program("TroveCli");

    /// <summary>An agent that speaks the previous version of the guest protocol.</summary>
    public static string PreviousAgent => Program("PreviousAgent");

    private static string Program(string project)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        var path = Path.Combine(Root, "artifacts", "bin", project, configuration, $"Dbaas.{project}");
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is missing: build the solution first.");
    }

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Dbaas.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("The tests do not run inside the checkout.");
    }
}
