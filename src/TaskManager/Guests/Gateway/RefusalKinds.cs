namespace Dbaas.TaskManager.Guests.Gateway;

/// <summary>Why the gateway refused somebody.</summary>
public static class RefusalKinds
{
    /// <summary>A wrong or used enrolment secret.</summary>
    public const string Enrolment = "enrolment-refused";

    /// <summary>A certificate of ours that is not good any more.</summary>
    public const string Certificate = "certificate-refused";

    /// <summary>An agent that speaks no protocol version which this build speaks.</summary>
    public const string Protocol = "protocol-refused";

    /// <summary>One guest's certificate, and a call in the name of another.</summary>
    public const string OtherGuest = "other-guest-refused";
}
