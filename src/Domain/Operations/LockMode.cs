namespace Dbaas.Domain.Operations;

/// <summary>How an operation holds an instance.</summary>
public enum LockMode
{
    /// <summary>Not known.</summary>
    Unknown,

    /// <summary>For itself alone.</summary>
    Own,

    /// <summary>Beside others that share it; nobody can own it meanwhile.</summary>
    Shared,
}
