using NewLoom.Streams;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Durability;

/// <summary>What a stream's table says, read past the service.</summary>
internal static class StoredStatuses
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>Statuses and error codes in order, once the last one is there.</summary>
    public static async Task<List<string>> UntilAsync(TestDatabase database, long streamId, string last, TimeSpan limit)
    {
        using var timer = new PeriodicTimer(LookInterval);
        var end = TimeProvider.System.GetUtcNow() + limit;
        while (true)
        {
            var found = Read(database, streamId);
            if (found.LastOrDefault() == last || TimeProvider.System.GetUtcNow() > end)
            {
                return found;
            }

            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    private static List<string> Read(TestDatabase database, long streamId)
    {
        using var connection = database.Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            $"SELECT new_status, error_code FROM stream_events WHERE stream_id = {streamId} ORDER BY seq";
        using var reader = command.ExecuteReader();
        var found = new List<string>();
        while (reader.Read())
        {
            found.Add(reader.IsDBNull(0)
                ? reader.GetString(1)
                : ((StreamStatus)reader.GetInt32(0)).ToString().ToLowerInvariant());
        }

        return found;
    }
}
