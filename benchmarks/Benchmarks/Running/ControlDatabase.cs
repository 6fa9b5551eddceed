using Dbaas.Persistence;
using Dbaas.Persistence.Dialects;
using Dbaas.Persistence.Secrets;
using Dbaas.Testing.Services;

namespace Dbaas.Benchmarks.Running;

/// <summary>A running service's control database, seen from beside it. What is secret in it stays so: there is no key.</summary>
internal static class ControlDatabase
{
    public static string FileOf(RunningService service) => Path.Combine(service.StatePath, "control.sqlite");

    public static Database Open(RunningService service) =>
        new(new SqliteDialect(FileOf(service), TimeProvider.System), new SecretBox(new byte[32]), threadCount: 1);
}
