using System.Reflection;
using Dbaas.Domain.Backups;
using Dbaas.Domain.Instances;
using Dbaas.Domain.Operations;
using Dbaas.Persistence.Rows;

namespace Dbaas.Persistence.Tests.Support;

/// <summary>Every public method that takes a unit, with made-up arguments.</summary>
internal static class RowMethods
{
    public static IEnumerable<MethodInfo> All() =>
        from type in typeof(InstanceRows).Assembly.GetExportedTypes()
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Static)
        where method.GetParameters() is [{ } first, ..] && first.ParameterType == typeof(IUnit)
        select method;

    public static string Name(MethodInfo method) => $"{method.DeclaringType!.Name}.{method.Name}";

    /// <summary>Calls it.</summary>
    /// <param name="method">The method.</param>
    /// <param name="unit">The unit.</param>
    /// <param name="flag">What its yes-or-no questions are answered with.</param>
    public static void Call(MethodInfo method, IUnit unit, bool flag) => method.Invoke(
        null,
        BindingFlags.DoNotWrapExceptions,
        null,
        [unit, .. method.GetParameters().Skip(1).Select(parameter => Argument(parameter.ParameterType, flag))],
        null);

    private static object? Argument(Type type, bool flag) => type switch
    {
        _ when type == typeof(string) => "value",
        _ when type == typeof(bool) => flag,
        _ when type == typeof(Subject) => flag ? Subject.Backup("value") : Subject.Instance("value"),
        _ when type == typeof(HistoryEntry) => HistoryEntry.Started("value", "value", OperationKinds.Restart, "value", 1),
        _ when type == typeof(RegisterBackupGoal) => new RegisterBackupGoal(1),
        _ when type == typeof(Verdict) => new Verdict("value", 1, 1, "value", "value"),
        _ when type == typeof(TimeSpan) => TimeSpan.FromSeconds(1),
        _ when type == typeof(IReadOnlyDictionary<string, long>) =>
            Dbaas.Domain.Quotas.QuotaResources.All.ToDictionary(name => name, _ => 1L),
        { IsGenericType: true } when type.IsAssignableFrom(type.GenericTypeArguments[0].MakeArrayType()) =>
            OneOf(type.GenericTypeArguments[0], flag),
        _ when Nullable.GetUnderlyingType(type) is { } inner => flag ? Argument(inner, flag) : null,
        _ => Activator.CreateInstance(type),
    };

    private static Array OneOf(Type element, bool flag)
    {
        var array = Array.CreateInstance(element, flag ? 1 : 0);
        if (flag)
        {
            array.SetValue(Argument(element, flag), 0);
        }

        return array;
    }
}
