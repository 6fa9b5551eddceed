using System.Data.Common;
using System.Globalization;
using Dbaas.Domain.Nodes;
using Dbaas.Hosting.Configuration;
using Dbaas.Persistence.Dialects;

namespace Dbaas.Hosting;

/// <summary>Before anything is begun: whether the database answers this node, and whether their clocks agree.</summary>
internal static class FirstLook
{
    // A database that starts at the same time as its nodes is waited for.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <exception cref="InvalidDataException">It does not answer, or the clocks are too far apart.</exception>
    public static async Task TakeAsync(
        IDialect dialect, ServiceSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        while (true)
        {
            try
            {
                // The drivers block.
                var (said, own) = await Task.Run(() => (ReadClock(dialect), time.GetUtcNow()), cancellationToken);
                if (ClockRule.Refusal(own - said) is { } refusal)
                {
                    throw new InvalidDataException(refusal);
                }

                return;
            }
            catch (DbException e) when (dialect.WhyRetry(e) is not null && time.GetElapsedTime(since) < Patience)
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
            catch (DbException e)
            {
                throw new InvalidDataException($"The control database{ServersOf(settings)} cannot be used:", e);
            }
        }
    }

    private static DateTimeOffset ReadClock(IDialect dialect)
    {
        using var connection = dialect.Open();
        using var look = connection.CreateCommand();
        look.CommandText = $"SELECT {dialect.Now}";
        return DateTimeOffset.FromUnixTimeMilliseconds(Convert.ToInt64(look.ExecuteScalar(), CultureInfo.InvariantCulture));
    }

    /// <summary>Of a connection string, what is no secret.</summary>
    private static string ServersOf(ServiceSettings settings)
    {
        var servers = settings.Database.Select(one => new DbConnectionStringBuilder { ConnectionString = one })
            .Select(one => $"{Value(one, "Server", "Host", "Data Source")}:{Value(one, "Port") ?? "3306"}");
        return settings.Database.Count == 0 ? "" : $" ({string.Join(", ", servers)})";

        static string? Value(DbConnectionStringBuilder one, params string[] names) =>
            names.Select(name => one.TryGetValue(name, out var value) ? (string)value : null).FirstOrDefault(value => value is not null);
    }
}
