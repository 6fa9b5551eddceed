namespace Dbaas.Datastores.MySql.Server;

/// <summary>The logs that users want written.</summary>
/// <param name="Names">In order.</param>
internal sealed record EnabledLogs(IReadOnlyList<string> Names)
{
    public static EnabledLogs None { get; } = new([]);

    public bool Has(LogKind kind) => Names.Contains(kind.Name);

    public EnabledLogs With(LogKind kind, bool isEnabled) =>
        new([.. Names.Where(name => name != kind.Name).Concat(isEnabled ? [kind.Name] : []).Order(StringComparer.Ordinal)]);
}
