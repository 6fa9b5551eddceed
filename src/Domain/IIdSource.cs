namespace Dbaas.Domain;

/// <summary>Where ids and secrets come from, so that tests can repeat themselves.</summary>
public interface IIdSource
{
    /// <summary>A new id: 36 characters, lower case, in time order.</summary>
    string NewId();

    /// <summary>A new secret of letters and digits with at least five bits of chance in each character.</summary>
    string NewSecret(int length);
}
