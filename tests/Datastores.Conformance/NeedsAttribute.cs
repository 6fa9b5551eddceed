namespace Dbaas.Datastores.Conformance;

/// <summary>The optional parts of a datastore that cases are about: an engine without them need not derive these.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsAttribute(params string[] capabilities) : Attribute
{
    /// <summary>As the datastore says them.</summary>
    public IReadOnlyList<string> Capabilities { get; } = capabilities;
}
