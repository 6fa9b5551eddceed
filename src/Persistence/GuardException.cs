namespace Dbaas.Persistence;

/// <summary>A guarded statement did not match: nothing of the unit is written.</summary>
public sealed class GuardException : Exception
{
    /// <summary>Goes on only if it matched.</summary>
    /// <exception cref="GuardException">It did not match.</exception>
    public static void Unless(bool held)
    {
        if (!held)
        {
            throw new GuardException();
        }
    }
}
