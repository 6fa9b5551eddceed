namespace Dbaas.Datastores.MySql.Archiving;

/// <summary>A set of transactions of one history, that grows.</summary>
internal abstract class LoggedState
{
    /// <summary>One more.</summary>
    public abstract void Add(LoggedName name);

    /// <summary>It is among them.</summary>
    public abstract bool Contains(LoggedName name);

    /// <summary>All that the engine wrote there are among them.</summary>
    public abstract bool Covers(string state);

    /// <summary>The same set, however it is written.</summary>
    public abstract bool IsSameAs(string state);

    /// <summary>As the engine writes it.</summary>
    public abstract override string ToString();
}
