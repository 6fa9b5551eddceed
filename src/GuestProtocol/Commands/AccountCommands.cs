namespace Dbaas.GuestProtocol.Commands;

/// <summary>A database to make.</summary>
/// <param name="Name">As the engine takes it.</param>
/// <param name="CharacterSet">Null: the engine's default.</param>
/// <param name="Collate">Null: the character set's default.</param>
public sealed record DatabaseSpec(string Name, string? CharacterSet = null, string? Collate = null);

/// <summary>A user to make.</summary>
/// <param name="Name">As the engine takes it.</param>
/// <param name="Password">A secret.</param>
/// <param name="Host">Null: <c>%</c>.</param>
/// <param name="Databases">Names of databases to which it gets all privileges.</param>
public sealed record UserSpec(string Name, string Password, string? Host = null, IReadOnlyList<string>? Databases = null)
{
    /// <summary>Name and host; never the password.</summary>
    public override string ToString() => $"{Name}@{Host ?? "%"}";
}

/// <summary>A user as it is.</summary>
/// <param name="Name">Name.</param>
/// <param name="Host">Host pattern.</param>
/// <param name="Databases">Names of databases that it has access to.</param>
public sealed record UserInfo(string Name, string Host, IReadOnlyList<string> Databases);

/// <summary>A page of names. Result: <see cref="DatabasePage"/>.</summary>
/// <param name="Limit">At most so many.</param>
/// <param name="Marker">The last name of the page before; null for the first page.</param>
public sealed record ListDatabases(int Limit, string? Marker) : GuestCommand;

/// <summary>Database names in order, without the engine's own.</summary>
/// <param name="Databases">The page.</param>
/// <param name="NextMarker">Null on the last page.</param>
public sealed record DatabasePage(IReadOnlyList<string> Databases, string? NextMarker);

/// <summary>Makes databases: all or, when one exists already (<see cref="FaultKind.Precondition"/>), none.</summary>
public sealed record CreateDatabases(IReadOnlyList<DatabaseSpec> Databases) : GuestCommand;

/// <summary>Deletes a database. <see cref="FaultKind.NotFound"/> when there is none.</summary>
public sealed record DeleteDatabase(string Name) : GuestCommand;

/// <summary>A page of users, without the engine's and the service's own. Result: <see cref="UserPage"/>.</summary>
/// <param name="Limit">At most so many.</param>
/// <param name="Marker"><c>name@host</c> of the last user of the page before; null for the first page.</param>
public sealed record ListUsers(int Limit, string? Marker) : GuestCommand;

/// <summary>Users in order of name and host.</summary>
/// <param name="Users">The page.</param>
/// <param name="NextMarker">Null on the last page.</param>
public sealed record UserPage(IReadOnlyList<UserInfo> Users, string? NextMarker);

/// <summary>One user. Result: <see cref="UserInfo"/>, or <see cref="FaultKind.NotFound"/>.</summary>
public sealed record GetUser(string Name, string Host) : GuestCommand;

/// <summary>Makes users: all or, when one exists already (<see cref="FaultKind.Precondition"/>), none.</summary>
public sealed record CreateUsers(IReadOnlyList<UserSpec> Users) : GuestCommand;

/// <summary>Renames a user, moves it to another host pattern, or gives it a new password.</summary>
/// <param name="Name">Present name.</param>
/// <param name="Host">Present host pattern.</param>
/// <param name="NewName">Null: unchanged.</param>
/// <param name="NewHost">Null: unchanged.</param>
/// <param name="NewPassword">Null: unchanged.</param>
public sealed record UpdateUser(string Name, string Host, string? NewName, string? NewHost, string? NewPassword) : GuestCommand
{
    /// <summary>Never the password.</summary>
    public override string ToString() => $"update {Name}@{Host}";
}

/// <summary>Gives users new passwords: all or, when one does not exist (<see cref="FaultKind.NotFound"/>), none.</summary>
public sealed record ChangePasswords(IReadOnlyList<UserSpec> Users) : GuestCommand;

/// <summary>Deletes a user. <see cref="FaultKind.NotFound"/> when there is none.</summary>
public sealed record DeleteUser(string Name, string Host) : GuestCommand;

/// <summary>
/// Gives a user all privileges on databases. <see cref="FaultKind.NotFound"/> when the user or a database does not exist.
/// </summary>
public sealed record GrantAccess(string Name, string Host, IReadOnlyList<string> Databases) : GuestCommand;

/// <summary>Takes a user's privileges on a database. <see cref="FaultKind.NotFound"/> when it has none.</summary>
public sealed record RevokeAccess(string Name, string Host, string Database) : GuestCommand;

/// <summary>Makes the administrator that users may ask for, or gives it this password.</summary>
/// <param name="Password">A secret, chosen by the API.</param>
public sealed record EnableRoot(string Password) : GuestCommand
{
    /// <summary>Never the password.</summary>
    public override string ToString() => "enable root";
}

/// <summary>Removes that administrator. Nothing to do when there is none.</summary>
public sealed record DisableRoot : GuestCommand;
