namespace Dbaas.TroveCli.Failures;

/// <summary>Ends the command with a message for the user and an exit code.</summary>
internal class TroveException(string message, int exitCode = ExitCodes.Refused) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    public static TroveException Unreadable(string what) =>
        new($"The answer about {what} is not what the API promises. Is OS_AUTH_URL the right service?");
}
