namespace Dbaas.TroveApi.Instances;

/// <summary>A guarded write did not match: the unit is rolled back, and the answer is found by looking again.</summary>
internal sealed class GuardException : Exception
{
    /// <exception cref="GuardException">It did not match.</exception>
    public static void Unless(bool held)
    {
        if (!held)
        {
            throw new GuardException();
        }
    }
}
