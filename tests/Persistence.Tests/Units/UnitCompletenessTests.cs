using Dbaas.Persistence.Dialects;
using Dbaas.Persistence.Secrets;
using Dbaas.Persistence.Tests.Support;
using Dbaas.Testing.Sql;
using Mono.Cecil;

namespace Dbaas.Persistence.Tests.Units;

/// <summary>
/// Every unit of work that the program can issue, read from its compiled code: none decides on a cluster by what it has read.
/// </summary>
public sealed class UnitCompletenessTests : IDisposable
{
    /// <summary>What may come after a read of its table, for its write does not rest on it.</summary>
    private static readonly Dictionary<string, string> RestsOnNoRead = new()
    {
        ["LockRows.TryOwn"] = "the lock itself: guarded by its row",
        ["LockRows.TryShare"] = "the lock itself: guarded by its row",
        ["InstanceChanges.TryTouch"] = "guarded by the version that was read",
        ["InstanceChanges.Touch"] = "a time, whoever writes it",
        ["InstanceChanges.SetName"] = "what the user asked for; whoever comes last has it",
        ["InstanceChanges.SetRootEnabled"] = "what the guest has done",
        ["InstanceRows.Insert"] = "of a new id",
        ["InstanceChanges.AddSlave"] = "guarded by its row, and adds one",
        ["InstanceChanges.RemoveSlave"] = "guarded by the slave's row; takes one away",
        ["InstanceChanges.TryMention"] = "guarded by its row",
        ["InstanceChanges.PostponeDemotion"] = "guarded: there is one to come",
        ["InstanceConfigurations.TryAttach"] = "guarded by its row",
        ["InstanceConfigurations.TryBeginDetach"] = "guarded by its row",
        ["BackupStarts.Create"] = "guarded by the instance's row: none runs",
        ["BackupChanges.SetFault"] = "only the operation that owns the backup writes it",
        ["ArchivedLogChanges.TryTellBeginning"] = "guarded by its row",
        ["LeftoverRows.Forget"] = "what was read is which there are",
    };

    private readonly UnitCalls calls = new(AppContext.BaseDirectory);
    private readonly Dictionary<string, List<List<string>>> statements = Captured();

    public void Dispose() => calls.Dispose();

    [Fact]
    public void No_unit_of_the_program_has_a_forbidden_form()
    {
        var units = calls.Units().ToList();

        Assert.InRange(units.Count, 150, int.MaxValue);
        var faults = units.SelectMany(Broken).Distinct().ToList();
        var broken = faults.Where(fault => !RestsOnNoRead.ContainsKey(fault.Method)).ToList();
        Assert.True(broken.Count == 0, string.Join('\n', broken));
        Assert.Empty(RestsOnNoRead.Keys.Except(faults.Select(fault => fault.Method)));
    }

    private IEnumerable<Fault> Broken(MethodDefinition unit)
    {
        var own = calls.Of(unit);
        var holes = own.OfType<UnitCall.Given>().Select(one => one.Delegate).Distinct().ToList();
        if (holes.Count == 0)
        {
            return Broken(unit, own);
        }

        return
            from hole in holes
            from given in calls.GivenTo(unit, hole)
            let whole = own.SelectMany(one => one is UnitCall.Given at && at.Delegate == hole ? calls.Of(given) : [one])
            from fault in Broken(unit, [.. whole])
            select fault with { Unit = $"{fault.Unit}, given {given.FullName}" };
    }

    private IEnumerable<Fault> Broken(MethodDefinition unit, IReadOnlyList<UnitCall> sequence)
    {
        var read = new List<string>();
        foreach (var call in sequence)
        {
            if (call is UnitCall.OwnSql sql)
            {
                yield return new Fault(unit.FullName, "", $"{sql.Where} has SQL of its own: that belongs into a class of rows");
            }

            if (call is not UnitCall.Rows rows)
            {
                continue;
            }

            foreach (var fault in statements[rows.Method].SelectMany(variant => SqlRules.BrokenInUnit([.. read, .. variant])))
            {
                yield return new Fault(unit.FullName, rows.Method, fault);
            }

            read.AddRange(statements[rows.Method].SelectMany(variant => variant).Where(SqlRules.IsRead));
        }
    }

    private sealed record Fault(string Unit, string Method, string What);

    private static Dictionary<string, List<List<string>>> Captured()
    {
        using var secrets = new SecretBox(new byte[32]);
        IDialect[] dialects = [new SqliteDialect("nowhere", TimeProvider.System), new MySqlDialect(["Server=nowhere"])];
        return (
            from method in RowMethods.All()
            from dialect in dialects
            from matched in new[] { 0, 1 }
            from flag in new[] { false, true }
            let unit = new SqlCapture(new CannedUnit(dialect, secrets, matched))
            select (Name: RowMethods.Name(method), Statements: Run(() => RowMethods.Call(method, unit, flag), unit)))
            .GroupBy(one => one.Name)
            .ToDictionary(group => group.Key, group => group.Select(one => one.Statements).ToList());
    }

    private static List<string> Run(Action call, SqlCapture unit)
    {
        call();
        return unit.Statements;
    }
}
