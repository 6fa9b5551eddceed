namespace Dbaas.Datastores.MySql.Accounts;

/// <summary>The last call that was begun.</summary>
/// <param name="Id">Its id.</param>
internal sealed record BegunCall(string Id);
