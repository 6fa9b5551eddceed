using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Dbaas.Persistence.Tests.Units;

/// <summary>Something that a unit of work does, as its compiled code says.</summary>
internal abstract record UnitCall
{
    private UnitCall()
    {
    }

    /// <summary>It calls a method of a class of rows.</summary>
    public sealed record Rows(string Method) : UnitCall;

    /// <summary>It calls what it was given.</summary>
    public sealed record Given(string Delegate) : UnitCall;

    /// <summary>It has SQL of its own.</summary>
    public sealed record OwnSql(string Where) : UnitCall;
}

/// <summary>
/// What every unit of work of the program does, in the order of the code: all branches one after the other, and a loop twice, so that each
/// order that can come about is contained in it.
/// </summary>
internal sealed class UnitCalls : IDisposable
{
    private static readonly string UnitName = typeof(IUnit).FullName!;
    private readonly AssemblyDefinition persistence;
    private readonly List<AssemblyDefinition> program;
    private readonly HashSet<string> rows = [.. Support.RowMethods.All().Select(Support.RowMethods.Name)];

    public UnitCalls(string folder)
    {
        var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(folder);
        resolver.AddSearchDirectory(Path.GetDirectoryName(typeof(object).Assembly.Location));
        var reading = new ReaderParameters { AssemblyResolver = resolver };
        persistence = AssemblyDefinition.ReadAssembly(typeof(IUnit).Assembly.Location, reading);
        program = [.. Directory.GetFiles(folder, "Dbaas.*.dll")
            .Where(path => !Path.GetFileName(path).Contains("Test", StringComparison.Ordinal))
            .Select(path => AssemblyDefinition.ReadAssembly(path, reading))
            // (Persistence does not refer to itself.)
            .Where(one => one.MainModule.AssemblyReferences.Any(reference => reference.Name == "Dbaas.Persistence"))];
    }

    public void Dispose()
    {
        persistence.Dispose();
        program.ForEach(one => one.Dispose());
    }

    /// <summary>Every method that is handed a unit, outside the classes of rows.</summary>
    public IEnumerable<MethodDefinition> Units() =>
        from assembly in program
        from type in assembly.MainModule.GetTypes()
        from method in type.Methods
        where method.HasBody && method.Parameters.Any(parameter => parameter.ParameterType.FullName == UnitName)
        select method;

    /// <summary>The methods that a unit's part of the program makes into delegates of this form.</summary>
    public IEnumerable<MethodDefinition> GivenTo(MethodDefinition unit, string form) => (
        from type in unit.Module.GetTypes()
        from method in type.Methods
        where method.HasBody
        from made in method.Body.Instructions
        where made.OpCode == OpCodes.Newobj && Form((MethodReference)made.Operand) == form
        select ((MethodReference)made.Previous.Operand).Resolve()).Distinct();

    /// <summary>What it does.</summary>
    public IReadOnlyList<UnitCall> Of(MethodDefinition method) => AsRows(method) is { } call ? [call] : [.. Walk(method, [])];

    private UnitCall.Rows? AsRows(MethodDefinition method) =>
        $"{method.DeclaringType.Name}.{method.Name}" is var name && method.Module.Name == persistence.MainModule.Name && rows.Contains(name)
            ? new UnitCall.Rows(name)
            : null;

    private IEnumerable<UnitCall> Walk(MethodDefinition method, HashSet<string> above)
    {
        if (!method.HasBody || !above.Add(method.FullName))
        {
            yield break;
        }

        var calls = method.Body.Instructions.SelectMany(one => Calls(method, one, above)).ToList();
        above.Remove(method.FullName);
        var goesBack = method.Body.Instructions.Any(one => one.Operand is Instruction to && to.Offset < one.Offset);
        foreach (var call in goesBack ? calls.Concat(calls) : calls)
        {
            yield return call;
        }
    }

    private IEnumerable<UnitCall> Calls(MethodDefinition from, Instruction instruction, HashSet<string> above)
    {
        if (instruction.Operand is not MethodReference called)
        {
            return [];
        }

        // A function in a function has the unit from what it is in.
        if (called.Name.Contains(">b__", StringComparison.Ordinal) || called.Name.Contains(">g__", StringComparison.Ordinal))
        {
            return Walk(called.Resolve(), above);
        }

        if (called.DeclaringType.FullName == UnitName)
        {
            return called.Name is nameof(IUnit.Execute) or nameof(IUnit.Query) or nameof(IUnit.First)
                ? [new UnitCall.OwnSql(from.FullName)]
                : [];
        }

        if (Form(called) is { } form && called.Name == "Invoke")
        {
            return [new UnitCall.Given(form)];
        }

        if (called.Parameters.All(parameter => parameter.ParameterType.FullName != UnitName))
        {
            return [];
        }

        var target = called.Resolve();
        return AsRows(target) is { } call ? [call]
            : target.HasBody ? Walk(target, above)
            : Implementations(target).SelectMany(one => Walk(one, above));
    }

    private IEnumerable<MethodDefinition> Implementations(MethodDefinition declared) =>
        from assembly in program
        from type in assembly.MainModule.GetTypes()
        where type.Interfaces.Any(one => one.InterfaceType.Resolve() == declared.DeclaringType)
        from method in type.Methods
        where method.Name == declared.Name || method.Name.EndsWith("." + declared.Name, StringComparison.Ordinal)
        select method;

    /// <summary>The form of a delegate that takes a unit; null: it is none.</summary>
    private static string? Form(MethodReference of) =>
        of.DeclaringType is GenericInstanceType { Name: { } name, GenericArguments: [{ } first, ..] arguments }
        && (name.StartsWith("Func`", StringComparison.Ordinal) || name.StartsWith("Action`", StringComparison.Ordinal))
        && first.FullName == UnitName
            ? $"{name} {string.Join(' ', arguments.Select(one => one.IsGenericParameter || one.ContainsGenericParameter ? "?" : one.Name))}"
            : null;
}
