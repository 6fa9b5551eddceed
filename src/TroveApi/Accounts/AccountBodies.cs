using Dbaas.Domain.Operations;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Accounts;

/// <summary>Users and databases in request bodies: their form. What names an engine takes is said by <see cref="AccountRules"/>.</summary>
internal static class AccountBodies
{
    public const string AnyHost = "%";

    public static IReadOnlyList<WantedDatabase> Databases(JsonField field)
    {
        var databases = field.Items()
            .Select(item => item.Only("name", "character_set", "collate"))
            .Select(item => new WantedDatabase(
                item["name"].Text(), item.FindValue("character_set")?.Text(64), item.FindValue("collate")?.Text(64)))
            .ToList();
        return FirstDouble(databases.Select(database => database.Name)) is { } name
            ? throw FaultException.BadRequest($"A database with the name \"{name}\" already exists.")
            : databases;
    }

    public static IReadOnlyList<WantedUser> Users(JsonField field)
    {
        var users = field.Items().Select(User).ToList();
        return FirstDouble(users.Select(user => $"{user.Name}@{user.Host}")) is { } name
            ? throw FaultException.BadRequest($"A user with the name \"{name}\" already exists.")
            : users;
    }

    public static IReadOnlyList<string> Names(JsonField field) =>
        field.Items().Select(item => item.Only("name")["name"].Text()).Distinct().ToList();

    /// <summary>Engines keep hosts in lower case.</summary>
    public static string Host(string? host) => host is null ? AnyHost : host.ToLowerInvariant();

    private static WantedUser User(JsonField item)
    {
        item.Only("name", "password", "host", "databases");
        return new WantedUser(
            item["name"].Text(),
            item["password"].Text(),
            Host(item.FindValue("host")?.Text()),
            item.FindValue("databases") is { } databases ? Names(databases) : []);
    }

    private static string? FirstDouble(IEnumerable<string> names) =>
        names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1)?.Key;
}
