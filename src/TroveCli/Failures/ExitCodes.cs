namespace Dbaas.TroveCli.Failures;

internal static class ExitCodes
{
    public const int Ok = 0;

    /// <summary>The API refused, or an operation ended in a fault.</summary>
    public const int Refused = 1;

    public const int Usage = 2;

    /// <summary>Stopped by the user, as a shell reports it.</summary>
    public const int Interrupted = 130;
}
