using Dbaas.Datastores.Contract;
using Dbaas.Datastores.MySql.Replication;
using FsCheck;
using FsCheck.Fluent;

namespace Dbaas.MySql.Tests.Replication;

/// <summary>Positions against the plainest model: a set of single transactions, or a number for each server.</summary>
public sealed class GtidSetProperties
{
    private static readonly string[] Owners =
        ["3e11fa47-71ca-11e1-9e33-c80aa9429562", "4350f323-7565-4e59-8763-4b1b83a0ce0e", "4350f323-7565-4e59-8763-4b1b83a0ce0e:tag"];

    private static readonly Gen<(string Owner, int Number)[]> Transactions = Gen.ArrayOf(
        from owner in Gen.Elements(Owners) from number in Gen.Choose(1, 25) select (owner, number));

    private static readonly Arbitrary<((string Owner, int Number)[] One, (string Owner, int Number)[] Other)> Pairs =
        (from one in Transactions from other in Transactions select (one, other)).ToArbitrary();

    private static readonly Gen<string> States =
        from entries in Gen.ArrayOf(
            from domain in Gen.Choose(0, 1) from server in Gen.Choose(1, 3) from last in Gen.Choose(
                1, 40) select $"{domain}-{server}-{last}")
        select string.Join(',', entries);

    private static readonly Arbitrary<(string One, string Other, string Third)> StatesOfThree =
        (from one in States from other in States from third in States select (one, other, third)).ToArbitrary();

    [Fact]
    public void A_set_has_as_many_transactions_as_were_put_in_and_reads_what_it_wrote() => Check(Pairs, pair =>
    {
        var set = GtidSet.Parse(Text(pair.One));
        return set.Count == pair.One.Distinct().Count() && GtidSet.Parse(set.ToString()).ToString() == set.ToString();
    });

    [Fact]
    public void Sets_with_the_same_transactions_are_written_the_same_way() => Check(
        Pairs, pair => GtidSet.Parse(Text(pair.One)).ToString() == GtidSet.Parse(Text([.. pair.One.Reverse(), .. pair.One])).ToString());

    [Fact]
    public void A_union_holds_what_either_holds_and_nothing_else() => Check(Pairs, pair =>
    {
        var union = GtidSet.Parse(Text(pair.One)).Union(GtidSet.Parse(Text(pair.Other)));
        return union.ToString() == GtidSet.Parse(Text([.. pair.One, .. pair.Other])).ToString()
            && union.ToString() == GtidSet.Parse(Text(pair.Other)).Union(GtidSet.Parse(Text(pair.One))).ToString();
    });

    [Fact]
    public void The_highest_number_is_that_of_the_servers_own_transactions() => Check(
        Pairs,
        pair => Owners[..2].All(
            owner =>
                GtidSet.Parse(Text(pair.One))
                    .Highest(owner) == pair.One.Where(one => one.Owner == owner)
                    .Select(one => one.Number)
                    .DefaultIfEmpty()
                    .Max()));

    [Fact]
    public void A_mariadb_union_does_not_depend_on_the_order() => Check(StatesOfThree, states =>
    {
        var (one, other, third) = (
            MariaDbGtidState.Parse(states.One), MariaDbGtidState.Parse(states.Other), MariaDbGtidState.Parse(states.Third));
        return one.Merge(other).ToString() == other.Merge(one).ToString()
            && one.Merge(other).Merge(third).ToString() == one.Merge(other.Merge(third)).ToString()
            && one.Merge(one).ToString() == one.ToString();
    });

    [Fact]
    public void A_mariadb_state_is_never_behind_or_beside_its_part_of_a_union() => Check(StatesOfThree, states =>
    {
        var (one, union) = (
            MariaDbGtidState.Parse(states.One), MariaDbGtidState.Parse(states.One).Merge(MariaDbGtidState.Parse(states.Other)));
        return MariaDbGtids.Compare(union, one) is PositionComparison.Equal or PositionComparison.Ahead
            && union.CoversDomainsOf(one) && !one.Beyond(union).Any();
    });

    [Fact]
    public void Two_servers_agree_on_how_they_stand() => Check(StatesOfThree, states =>
    {
        var (one, other) = (MariaDbGtidState.Parse(states.One), MariaDbGtidState.Parse(states.Other));
        return (MariaDbGtids.Compare(one, other), MariaDbGtids.Compare(other, one)) switch
        {
            (PositionComparison.Equal, PositionComparison.Equal) => one.ToString() == other.ToString(),
            (PositionComparison.Behind(var behind), PositionComparison.Ahead(var ahead)) => behind == ahead,
            (PositionComparison.Ahead(var ahead), PositionComparison.Behind(var behind)) => behind == ahead,
            (PositionComparison.Diverged, PositionComparison.Diverged) => true,
            _ => false,
        };
    });

    private static string Text(IEnumerable<(string Owner, int Number)> transactions) =>
        string.Join(",", transactions.Select(one => $"{one.Owner}:{one.Number}"));

    private static void Check<T>(Arbitrary<T> any, Func<T, bool> property) =>
        Prop.ForAll(any, property).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(1000));
}
