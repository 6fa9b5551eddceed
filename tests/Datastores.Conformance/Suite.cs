using System.Reflection;

namespace Dbaas.Datastores.Conformance;

/// <summary>All cases, so that no engine leaves some out.</summary>
public static class Suite
{
    /// <summary>The cases that an engine's tests do not derive, of those that are about what it can do.</summary>
    public static IReadOnlyList<string> MissingFor(Assembly tests, Type fixture, IReadOnlyList<string> capabilities)
    {
        var derived = tests.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false, BaseType.IsGenericType: true }
                && type.BaseType.GetGenericArguments().Contains(fixture))
            .Select(type => type.BaseType!.GetGenericTypeDefinition())
            .ToHashSet();
        return
        [
            .. typeof(Suite).Assembly.GetTypes()
                .Where(
                    type =>
                        type is { IsAbstract: true, IsSealed: false, IsGenericTypeDefinition: true }
                            && type.Namespace!.EndsWith(".Cases", StringComparison.Ordinal))
                .Where(type => (type.GetCustomAttribute<NeedsAttribute>()?.Capabilities ?? []).All(capabilities.Contains))
                .Where(type => !derived.Contains(type))
                .Select(type => type.Name),
        ];
    }
}
