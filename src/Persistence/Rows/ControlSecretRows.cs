namespace Dbaas.Persistence.Rows;

/// <summary>What all nodes share and nobody else may know, encrypted: a node that has the master key needs nothing more.</summary>
public static class ControlSecretRows
{
    /// <summary>What only the right master key opens.</summary>
    public const string KeyCheck = "key-check";

    /// <summary>Key and certificate of the guests' authority.</summary>
    public const string GuestAuthority = "guest-authority";

    /// <summary>Keeps a secret, unless there is one under this name.</summary>
    public static void KeepFirst(IUnit unit, string id, string secret) =>
        unit.Execute(
            $"INSERT INTO control_secrets (id, value) VALUES (@id, @value) {unit.Dialect.UnlessExists("id")}",
            new { id, value = unit.Secrets.Seal(secret, id) });

    /// <summary>The secret; null: there is none.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">It was encrypted under another key.</exception>
    public static string? Find(IUnit unit, string id) =>
        unit.Secrets.Open(unit.First<Kept>("SELECT value FROM control_secrets WHERE id = @id", new { id })?.Value, id);

    private sealed record Kept
    {
        public string? Value { get; init; }
    }
}
