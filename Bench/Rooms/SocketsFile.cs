using System.Globalization;

namespace NewLoom.Bench.Rooms;

/// <summary>Sockets that somebody else has prepared: a line <c>CHATID PATH</c> for each, room by room.</summary>
public static class SocketsFile
{
    /// <summary>Reads as many lines as the layout has sockets; more are left alone.</summary>
    /// <exception cref="BenchException">The file can't be read, is too short, or has another form.</exception>
    public static async Task<SocketTarget[]> ReadAsync(
        string file, RoomLayout layout, CancellationToken cancellationToken)
    {
        string[] lines;
        try
        {
            lines = await File.ReadAllLinesAsync(file, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BenchException($"The sockets file can't be read: {e.Message}", e);
        }

        if (lines.Length < layout.Sockets)
        {
            throw new BenchException(
                $"The sockets file has {lines.Length} lines, but {layout.Rooms} rooms of {layout.Members} need " +
                $"{layout.Sockets}.");
        }

        return [.. lines.Take(layout.Sockets).Select(Parse)];
    }

    private static SocketTarget Parse(string line, int index)
    {
        var parts = line.Split(' ', 2);
        return parts.Length == 2
            && parts[1].StartsWith('/')
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var chatId)
            ? new SocketTarget(chatId, parts[1])
            : throw new BenchException($"Line {index + 1} of the sockets file is not of the form CHATID /PATH.");
    }
}
