namespace Dbaas.TroveCli.Failures;

/// <summary>Ends the command with a message for the user and an exit code.</summary>
internal class TroveException(string message, int exitCode = ExitCodes.Refused) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
