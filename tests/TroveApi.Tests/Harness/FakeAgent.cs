using System.Text.Json;
using Dbaas.GuestProtocol;
using Dbaas.GuestProtocol.Channel;
using Dbaas.GuestProtocol.Commands;
using Dbaas.Persistence.Rows;

namespace Dbaas.TroveApi.Tests.Harness;

/// <summary>Answers one instance's commands as its agent would, with accounts kept in memory.</summary>
public sealed class FakeAgent : IAsyncDisposable
{
    private readonly TestApi api;
    private readonly string instanceId;
    private readonly bool isElsewhere;
    private readonly CancellationTokenSource stop = new();
    private readonly Task loop;

    /// <param name="api">Who asks.</param>
    /// <param name="instanceId">Whose agent.</param>
    /// <param name="isElsewhere">It is served by another process than the one that asks.</param>
    public FakeAgent(TestApi api, string instanceId, bool isElsewhere = false)
    {
        (this.api, this.instanceId, this.isElsewhere) = (api, instanceId, isElsewhere);
        loop = RunAsync();
    }

    public SortedDictionary<string, HashSet<string>> Users { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Passwords { get; } = [];

    public SortedSet<string> Databases { get; } = new(StringComparer.Ordinal);

    public string? RootPassword { get; private set; }

    public SortedSet<string> EnabledLogs { get; } = new(StringComparer.Ordinal);

    /// <summary>How long they are.</summary>
    public Dictionary<string, long> LogEnds { get; } = new() { ["error"] = 30, ["general"] = 0, ["slow_query"] = 0 };

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await loop.ContinueWith(_ => { }, TaskScheduler.Default);
        stop.Dispose();
    }

    private async Task RunAsync()
    {
        using var commands = api.Signals.Commands.Subscribe(instanceId);
        while (true)
        {
            foreach (var row in await api.Database.ReadAsync(unit => CommandRows.Waiting(unit, [instanceId]), stop.Token))
            {
                var reply = JsonSerializer.Serialize(Answer(row), ProtocolJson.Options);
                await api.Database.WriteAsync(unit => CommandRows.Answer(unit, row.Id, instanceId, reply), stop.Token);
                if (!isElsewhere)
                {
                    api.Signals.ReplyIsThere(row.Id);
                }
            }

            await commands.WaitAsync(TimeSpan.FromSeconds(1), stop.Token);
        }
    }

    private ReplyEnvelope Answer(GuestCommandRow row)
    {
        Assert.Null(row.OperationId);
        Assert.Null(row.FenceCounter);
        using var body = JsonDocument.Parse(row.Body!);
        try
        {
            var result = Do(GuestCommand.Parse(row.Kind, body.RootElement)!);
            JsonElement? json = result is null ? null : JsonSerializer.SerializeToElement(result, result.GetType(), ProtocolJson.Options);
            return new ReplyEnvelope(row.Id, Outcome.Succeeded, null, json);
        }
        catch (FaultedException e)
        {
            return new ReplyEnvelope(row.Id, Outcome.Failed, new GuestFault(e.Kind, e.Message), null);
        }
    }

    private object? Do(GuestCommand command)
    {
        switch (command)
        {
            case ListDatabases list:
                var names = Databases.Where(name => string.CompareOrdinal(name, list.Marker) > 0).Take(list.Limit + 1).ToList();
                return names.Count > list.Limit ? new DatabasePage(names[..^1], names[^2]) : new DatabasePage(names, null);
            case CreateDatabases create:
                Refuse(create.Databases.FirstOrDefault(one => Databases.Contains(one.Name)) is not null, FaultKind.Precondition, "exists");
                Databases.UnionWith(create.Databases.Select(one => one.Name));
                return null;
            case DeleteDatabase delete:
                Refuse(!Databases.Remove(delete.Name), FaultKind.NotFound, "no such database");
                return null;
            case ListUsers:
                return new UserPage(Users.Keys.Select(Info).ToList(), null);
            case CreateUsers create:
                Refuse(create.Users.Any(user => Users.ContainsKey(Key(user))), FaultKind.Precondition, "exists");
                foreach (var user in create.Users)
                {
                    Users[Key(user)] = [.. user.Databases ?? []];
                    Passwords[Key(user)] = user.Password;
                }

                return null;
            case GetUser get:
                return Info(Known(get.Name, get.Host));
            case DeleteUser delete:
                Users.Remove(Known(delete.Name, delete.Host));
                return null;
            case UpdateUser update:
                var before = Known(update.Name, update.Host);
                var databases = Users[before];
                Users.Remove(before);
                Users[$"{update.NewName ?? update.Name}@{update.NewHost ?? update.Host}"] = databases;
                return null;
            case ChangePasswords change:
                foreach (var user in change.Users)
                {
                    Passwords[Known(user.Name, user.Host!)] = user.Password;
                }

                return null;
            case GrantAccess grant:
                Users[Known(grant.Name, grant.Host)].UnionWith(grant.Databases);
                return null;
            case RevokeAccess revoke:
                Refuse(!Users[Known(revoke.Name, revoke.Host)].Remove(revoke.Database), FaultKind.NotFound, "not granted");
                return null;
            case EnableRoot enable:
                RootPassword = enable.Password;
                return null;
            case DisableRoot:
                RootPassword = null;
                return null;
            case GetHardware:
                return new HardwareInfo(524288, 1);
            case GetDiagnostics:
                return new AgentDiagnostics { Version = "1.0", Threads = 20, FdSize = 64, VmSize = 5, VmPeak = 6, VmRss = 3, VmHwm = 4 };
            case ListLogs:
                return new GuestLogs(
                    [.. LogEnds.Select(log => new GuestLog(log.Key, log.Key != "error", EnabledLogs.Contains(log.Key), 0, log.Value))]);
            case EnableLog { IsEnabled: true } enable:
                EnabledLogs.Add(enable.Name);
                return null;
            case EnableLog disable:
                EnabledLogs.Remove(disable.Name);
                return null;
            case Ping:
                return null;
            default:
                throw new FaultedException(FaultKind.Unsupported, "not known");
        }
    }

    private static string Key(UserSpec user) => $"{user.Name}@{user.Host}";

    private string Known(string name, string host)
    {
        Refuse(!Users.ContainsKey($"{name}@{host}"), FaultKind.NotFound, $"User {name}@{host} cannot be found on the instance.");
        return $"{name}@{host}";
    }

    private UserInfo Info(string key)
    {
        var at = key.LastIndexOf('@');
        return new UserInfo(key[..at], key[(at + 1)..], [.. Users[key]]);
    }

    private static void Refuse(bool condition, FaultKind kind, string message)
    {
        if (condition)
        {
            throw new FaultedException(kind, message);
        }
    }

    private sealed class FaultedException(FaultKind kind, string message) : Exception(message)
    {
        public FaultKind Kind => kind;
    }
}
