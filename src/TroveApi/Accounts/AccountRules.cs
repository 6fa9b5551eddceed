using System.Buffers;
using System.Text.RegularExpressions;
using Dbaas.Domain.Configurations;
using Dbaas.Domain.Operations;
using Dbaas.TroveApi.Http;

namespace Dbaas.TroveApi.Accounts;

/// <summary>
/// Which names of users and databases an engine takes. What passes here is made exactly as asked for; all else is refused before anything
/// is accepted. Checked against the engines: they silently change names that are not refused here (characters outside the basic plane,
/// blanks at the end).
/// </summary>
internal sealed partial class AccountRules
{
    private const int MaxHost = 255;
    private const int MaxPassword = 255;
    private static readonly string[] ReservedDatabases = ["mysql", "information_schema", "performance_schema", "sys"];
    private static readonly SearchValues<char> ChangedInAddresses = SearchValues.Create("/?#%;\\");
    private static readonly string[] Administrators = ["root", "os_admin"];
    private readonly int maxUserName;
    private readonly int maxDatabaseName;
    private readonly string[] engineUsers;
    private readonly bool takesPrefixes;

    private AccountRules(int maxUserName, int maxDatabaseName, string[] engineUsers, bool takesPrefixes)
    {
        this.maxUserName = maxUserName;
        this.maxDatabaseName = maxDatabaseName;
        this.engineUsers = engineUsers;
        this.takesPrefixes = takesPrefixes;
    }

    /// <exception cref="FaultException">The datastore has no users and databases.</exception>
    public static AccountRules Of(string datastore) => datastore switch
    {
        "mariadb" => new AccountRules(80, 64, ["mysql", "mariadb.sys", "PUBLIC"], takesPrefixes: false),
        "mysql" => new AccountRules(32, 64, ["mysql.sys", "mysql.session", "mysql.infoschema"], takesPrefixes: true),
        _ => throw FaultException.Unprocessable($"Operation not supported for datastore {datastore}."),
    };

    public void Database(string name)
    {
        Name("database", name, maxDatabaseName);
        if (ReservedDatabases.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            throw Bad("database", name, "is reserved");
        }

        if (name.StartsWith("#mysql50#", StringComparison.OrdinalIgnoreCase))
        {
            throw Bad("database", name, "begins with a prefix that the engine keeps for itself");
        }

        if (FileNameLength.Of(name) > FileNameLength.Max)
        {
            throw Bad(
                "database",
                name,
                "is too long for its folder: the engine writes most characters other than letters and digits in five bytes");
        }
    }

    /// <summary>One that is to be made.</summary>
    public void NewDatabase(WantedDatabase database)
    {
        Database(database.Name);
        Addressable("database", database.Name);
        foreach (var word in new[] { database.CharacterSet, database.Collate })
        {
            if (word is not null && !Word().IsMatch(word))
            {
                throw FaultException.BadRequest($"'{Shorten(word)}' is not the name of a character set or collation.");
            }
        }

        if (database is { CharacterSet: { } characters, Collate: { } collation } && !CharacterSets.Fits(collation, characters))
        {
            throw FaultException.BadRequest(
                $"The collation {collation} of the database '{Shorten(database.Name)}' does not fit its character set {characters}.");
        }
    }

    public void User(string name)
    {
        Name("user", name, maxUserName);
        if (Administrators.Contains(name, StringComparer.Ordinal)
            || engineUsers.Contains(name, StringComparer.Ordinal)
            || ReplicationUser().IsMatch(name))
        {
            throw Bad("user", name, "is reserved");
        }
    }

    public void User(WantedUser user)
    {
        User(user.Name);
        Password(user.Password);
        if (user.Host is { } host)
        {
            Host(host);
        }

        foreach (var database in user.Databases)
        {
            Database(database);
        }
    }

    /// <summary>One that is to be made, or to be called so.</summary>
    public void NewUser(WantedUser user)
    {
        User(user);
        NewUserName(user.Name);
        NewHost(user.Host ?? AccountBodies.AnyHost);
    }

    /// <summary>Where a user is to come from.</summary>
    public void NewHost(string host)
    {
        Host(host);
        if (UserHosts.Problem(host, takesPrefixes) is { } problem)
        {
            throw FaultException.BadRequest($"The host '{Shorten(host)}' would let nobody in: {problem}.");
        }
    }

    /// <summary>What a user is to be called.</summary>
    public void NewUserName(string name)
    {
        User(name);
        Addressable("user", name);
        if (name.Contains('@'))
        {
            throw Bad("user", name, "cannot hold '@', behind which addresses name the user's host");
        }
    }

    public static void Host(string host)
    {
        if (host.Length is 0 or > MaxHost || !HostPattern().IsMatch(host))
        {
            throw FaultException.BadRequest(
                $"The host '{Shorten(host)}' is not valid: letters, digits and '.', '-', '_', ':', '/', '%', up to {MaxHost}.");
        }
    }

    public static void Password(string password)
    {
        if (password.Length == 0 || password.Contains('\0') || password.EnumerateRunes().Count() > MaxPassword)
        {
            throw FaultException.BadRequest($"A password has 1 to {MaxPassword} characters and none of them is NUL.");
        }
    }

    private static void Name(string what, string name, int maxLength)
    {
        if (name.Length == 0)
        {
            throw FaultException.BadRequest($"The name of a {what} cannot be empty.");
        }

        if (name is "." or "..")
        {
            throw Bad(what, name, "cannot be part of an address");
        }

        if (name[^1] == ' ')
        {
            throw Bad(what, name, "ends with a blank");
        }

        if (name.Contains('\0') || name.Any(char.IsSurrogate))
        {
            throw Bad(what, name, "has a character that the engine does not take");
        }

        if (name.Length > maxLength)
        {
            throw Bad(what, name, $"is longer than {maxLength} characters");
        }
    }

    /// <summary>
    /// Clients put names into addresses as they are: <c>DELETE …/databases/keep?old</c> would delete <c>keep</c>. What has such a name
    /// already can be named by those who encode it.
    /// </summary>
    private static void Addressable(string what, string name)
    {
        if (name[0] == '.' || name.AsSpan().ContainsAny(ChangedInAddresses))
        {
            throw Bad(what, name, @"begins with '.' or has one of / ? # % ; \, which mean something else in an address");
        }
    }

    private static FaultException Bad(string what, string name, string complaint) =>
        FaultException.BadRequest($"The {what} name '{Shorten(name)}' {complaint}.");

    private static string Shorten(string text) => text.Length <= 80 ? text : $"{text[..80]}…";

    [GeneratedRegex(@"^[A-Za-z0-9.\-_:/%]+\z")]
    private static partial Regex HostPattern();

    /// <summary>What the agents call the users that slaves log in with.</summary>
    [GeneratedRegex(@"^repl_[ct]?[0-9a-f]{26}\z")]
    private static partial Regex ReplicationUser();

    [GeneratedRegex(@"^[A-Za-z0-9_]{1,64}\z")]
    private static partial Regex Word();
}
