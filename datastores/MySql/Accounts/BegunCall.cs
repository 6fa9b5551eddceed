namespace Dbaas.Datastores.MySql.Accounts;

/// <summary>The last call that was begun, and of which it is not certain that it was done, or undone.</summary>
/// <param name="Call">Its words, without passwords.</param>
internal sealed record BegunCall(string Call);
