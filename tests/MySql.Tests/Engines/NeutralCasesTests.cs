using System.Text.RegularExpressions;
using Dbaas.Testing;

namespace Dbaas.MySql.Tests.Engines;

/// <summary>The conformance suite is for every engine: these two are in fixtures only.</summary>
public sealed partial class NeutralCasesTests
{
    [Fact]
    public void The_cases_know_no_engine_by_its_name_or_its_language()
    {
        var folder = Path.Combine(Repository.Root, "tests", "Datastores.Conformance");
        var found = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => File.ReadAllLines(file).Select(line => (File: Path.GetRelativePath(folder, file), Line: line)))
            .Where(at => Engine().IsMatch(at.Line) || Statement().IsMatch(at.Line))
            .Select(at => $"{at.File}: {at.Line.Trim()}");

        Assert.Empty(found);
    }

    [GeneratedRegex("mysql|mariadb|innodb|gtid|binlog", RegexOptions.IgnoreCase)]
    private static partial Regex Engine();

    [GeneratedRegex(@"""\s*(SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|GRANT|REVOKE|SET|SHOW|CALL|KILL|ANALYZE|BEGIN)\b")]
    private static partial Regex Statement();
}
