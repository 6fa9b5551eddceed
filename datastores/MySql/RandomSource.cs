namespace Dbaas.Datastores.MySql;

/// <summary>Where ids and passwords come from.</summary>
/// <param name="bytes">So many bytes that nobody can guess.</param>
internal sealed class RandomSource(Func<int, byte[]> bytes)
{
    /// <summary>An id that nobody else has.</summary>
    public string NewId() => Convert.ToHexStringLower(bytes(16));

    /// <summary>32 characters (what MySQL takes at most for a source's password), 192 bits.</summary>
    public string NewPassword() => Convert.ToBase64String(bytes(24)).Replace('+', '-').Replace('/', '_');
}
