using System.Reflection;
using System.Runtime.CompilerServices;

namespace Dbaas.Architecture.Tests;

public sealed class PlanningTests
{
    public static TheoryData<string> PlanningTypes => [.. Assembly.Load("Dbaas.TaskManager").GetTypes()
        .Where(type => type.Namespace == "Dbaas.TaskManager.Planning" && !type.IsDefined(typeof(CompilerGeneratedAttribute)))
        .Select(type => type.FullName!)];

    [Theory]
    [MemberData(nameof(PlanningTypes))]
    public void Planners_are_pure_functions_of_what_is_seen(string name)
    {
        const BindingFlags All =
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        var type = Assembly.Load("Dbaas.TaskManager").GetType(name)!;

        var used = type.GetMethods(All)
            .SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType))
            .Concat(type.GetFields(All).Select(field => field.FieldType));

        var impure = used.Where(one => typeof(Task).IsAssignableFrom(one)
            || one.Namespace is "Dbaas.Persistence" or "Dbaas.Cloud.Ports" or "Dbaas.TaskManager.Engine" or "Dbaas.TaskManager.Guests"
            || one == typeof(TimeProvider)).ToArray();
        Assert.True(
            impure.Length == 0,
            $"{name} uses {string.Join(", ", impure.Select(one => one.Name))}; deciding must not do, wait or ask for the time.");
    }
}
