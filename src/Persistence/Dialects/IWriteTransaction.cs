using System.Data.Common;

namespace Dbaas.Persistence.Dialects;

/// <summary>A transaction that is going to write. Disposed of without a commit, it is rolled back.</summary>
public interface IWriteTransaction : IDisposable
{
    /// <summary>What the driver wants to be given with each statement; null: nothing.</summary>
    DbTransaction? OfDriver { get; }

    /// <summary>Commits.</summary>
    void Commit();
}
