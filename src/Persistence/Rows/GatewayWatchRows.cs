namespace Dbaas.Persistence.Rows;

/// <summary>
/// Whether guests could report: one row, in which the gateways leave a sign of life together. While none was there nobody could be heard
/// of, so whoever was heard of shortly before has one full interval from their return, and again where they went before it was over;
/// whoever was silent already stays so.
/// <see cref="GuestRows"/> reads it beside each guest.
/// </summary>
public static class GatewayWatchRows
{
    // In milliseconds: longer than any pause between two signs, so that a time further ahead is of a clock that was set back.
    private const long Far = 10 * 60 * 1000;

    /// <summary>Nobody has left a sign for so long.</summary>
    public static bool IsDue(IUnit unit, TimeSpan every) =>
        unit.First<long?>(
            $"SELECT id FROM gateway_watch WHERE id = 1 AND {IsOld(unit)}",
            new { every = (long)every.TotalMilliseconds, far = Far }) is not null;

    /// <summary>A gateway is there.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="every">Not more often than that, all gateways together.</param>
    /// <param name="gap">Without a sign for so long none was there.</param>
    /// <param name="silentAfter">A guest that was heard of so long before they went was not silent.</param>
    public static void Sign(IUnit unit, TimeSpan every, TimeSpan gap, TimeSpan silentAfter)
    {
        var now = unit.Dialect.Now;
        unit.Execute(
            $"""
            UPDATE gateway_watch SET
              heard_after = CASE WHEN seen < {now} - @gap AND seen - since >= @silentAfter THEN seen - @silentAfter ELSE heard_after END,
              since = CASE WHEN seen < {now} - @gap THEN {now} ELSE since END,
              seen = {now}
            WHERE id = 1 AND {IsOld(unit)}
            """,
            new
            {
                every = (long)every.TotalMilliseconds,
                gap = (long)gap.TotalMilliseconds,
                silentAfter = (long)silentAfter.TotalMilliseconds,
                far = Far,
            });
    }

    private static string IsOld(IUnit unit) => $"(seen < {unit.Dialect.Now} - @every OR seen > {unit.Dialect.Now} + @far)";
}
