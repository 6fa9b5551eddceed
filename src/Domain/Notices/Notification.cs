namespace Dbaas.Domain.Notices;

/// <summary>What other services are told.</summary>
/// <param name="Id">The same whenever it is told again.</param>
/// <param name="Event">Its kind, for example <c>trove.instance.exists</c>.</param>
/// <param name="At">When it was so, in Unix milliseconds.</param>
/// <param name="RequestId">The request that it comes of; null: none.</param>
/// <param name="TenantId">The project that it is about.</param>
/// <param name="Payload">More, as <see cref="NoticePayloads"/> has it.</param>
public sealed record Notification(
    string Id, string Event, long At, string? RequestId, string TenantId, IReadOnlyDictionary<string, object?> Payload);
