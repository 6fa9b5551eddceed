using Dbaas.Cloud.Ports;

namespace Dbaas.Cloud.Conformance;

/// <summary>A store of objects, empty at first.</summary>
public interface IStoreUnderTest : IAsyncDisposable
{
    /// <summary>The store.</summary>
    IObjects Store { get; }

    /// <summary>It refuses to write what is there already.</summary>
    bool WritesOnce => true;

    /// <summary>Does with an address what an agent does, which has nothing else.</summary>
    /// <param name="method">PUT or GET.</param>
    /// <param name="address">The address.</param>
    /// <param name="content">For PUT.</param>
    Task<StoreAnswer> UseAsync(HttpMethod method, ObjectAddress address, byte[]? content = null);
}

/// <summary>What a store answered.</summary>
/// <param name="Status">As HTTP says it.</param>
/// <param name="Content">What was read.</param>
public sealed record StoreAnswer(int Status, byte[] Content);
