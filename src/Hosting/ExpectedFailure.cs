using System.Data.Common;
using Dbaas.Cloud.Ports;

namespace Dbaas.Hosting;

/// <summary>
/// What whoever runs the program can do something about, in words; everything else is a mistake of ours and shows where it was made.
/// </summary>
internal static class ExpectedFailure
{
    /// <returns>Null: it is not expected.</returns>
    public static string? Words(Exception failure) => failure
        is CloudException or DbException or IOException or InvalidDataException or TimeoutException
        ? string.Join(' ', Chain(failure).Select(one => one.Message).Distinct())
        : null;

    private static IEnumerable<Exception> Chain(Exception failure)
    {
        for (var one = failure; one is not null; one = one.InnerException)
        {
            yield return one;
        }
    }
}
