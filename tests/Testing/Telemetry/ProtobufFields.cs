namespace Dbaas.Testing.Telemetry;

/// <summary>The fields of a protobuf message that hold bytes: texts, and messages.</summary>
internal static class ProtobufFields
{
    public static IReadOnlyList<byte[]> Of(byte[] message, int number)
    {
        var found = new List<byte[]>();
        for (var at = 0; at < message.Length;)
        {
            var key = Varint(message, ref at);
            switch (key & 7)
            {
                case 0:
                    Varint(message, ref at);
                    break;
                case 1:
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(message, ref at);
                    if (key >> 3 == (ulong)number)
                    {
                        found.Add(message[at..(at + length)]);
                    }

                    at += length;
                    break;
                case 5:
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"No protobuf: wire type {key & 7} at {at}.");
            }
        }

        return found;
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = message[at++];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }
    }
}
