namespace Dbaas.Datastores.Contract;

/// <summary>How far long work is, for those who watch it.</summary>
public interface IJobProgress
{
    /// <summary>How many bytes there will be, as far as it is known. Not a limit.</summary>
    void Expect(long bytes);

    /// <summary>So many bytes more are done.</summary>
    void Advance(long bytes);
}
