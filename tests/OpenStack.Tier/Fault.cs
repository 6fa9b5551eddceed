namespace Dbaas.OpenStack.Tier;

/// <summary>What happens to a request. Those with a status are answered by it, and not passed on.</summary>
internal enum Fault
{
    None = 0,

    /// <summary>It is passed on; the answer does not arrive.</summary>
    LostAnswer = 1,

    /// <summary>It is passed on; the answer is a 500.</summary>
    FailedAfterwards = 2,

    /// <summary>It is not passed on, and the connection ends.</summary>
    Closed = 3,

    /// <summary>It is not passed on, and nothing is answered.</summary>
    Hang = 4,

    /// <summary>It is not passed on; the answer is a list with nothing in it.</summary>
    Empty = 5,

    Unauthorized = 401,

    Conflict = 409,

    TooMany = 429,

    Failed = 500,

    Unavailable = 503,
}
