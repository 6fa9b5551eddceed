using System.Data.Common;

namespace Dbaas.Persistence;

/// <summary>
/// The control database has not answered, or not let a unit through, for as long as one tries. Nothing was written, unless it was a commit
/// whose answer is lost. It is no fault of the caller's: the same may work in a while.
/// </summary>
public sealed class DatabaseAwayException(TimeSpan patience, Exception? last) : DbException(
    $"The control database did not do its work within {patience.TotalSeconds:0} s{(last is null ? "." : $": {last.Message}")}", last);
