using System.Runtime.CompilerServices;
using Dbaas.Datastores.Conformance;

namespace Dbaas.MySql.Tests.Engines;

/// <summary>One empty data directory for each fixture, copied instead of made again.</summary>
internal static class Template
{
    private static readonly ConditionalWeakTable<MySqlFamilyFixture, Lazy<Task<TestInstance>>> Made = [];

    public static Task<TestInstance> GetAsync(MySqlFamilyFixture fixture) =>
        Made.GetValue(fixture, owner => new Lazy<Task<TestInstance>>(owner.MakeTemplateAsync)).Value;
}
