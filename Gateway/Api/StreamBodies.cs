using NewLoom.Gateway.Frames;
using NewLoom.Streams;

namespace NewLoom.Gateway.Api;

/// <summary>A stream to create.</summary>
/// <param name="Name">1 to 200 characters, not only white space.</param>
/// <param name="Viewers">Usernames beside the owner. (default: none)</param>
/// <param name="Publishers">Usernames beside the owner. (default: none)</param>
internal sealed record NewStreamBody(string? Name, string?[]? Viewers, string?[]? Publishers);

/// <summary>A stream that was created.</summary>
internal sealed record CreatedStreamBody(long StreamId);

/// <summary>A stream as the caller sees it.</summary>
/// <param name="StreamId">The stream.</param>
/// <param name="Name">Its name.</param>
/// <param name="Owner">Username of the owner, who gives the rights.</param>
/// <param name="CanView">Whether the caller may view it.</param>
/// <param name="CanPublish">Whether the caller may report to it.</param>
internal sealed record StreamBody(long StreamId, string Name, string Owner, bool CanView, bool CanPublish)
{
    /// <summary>The first 1,000 who may view it, in ordinal order; left out in lists.</summary>
    public IReadOnlyList<string>? Viewers { get; init; }

    /// <summary>The first 1,000 who may report to it, in ordinal order; left out in lists.</summary>
    public IReadOnlyList<string>? Publishers { get; init; }

    /// <summary>The current execution, from 1; this and what follows only for who may view, and not in lists.</summary>
    public int? Execution { get; init; }

    /// <summary>Its status.</summary>
    public string? Status { get; init; }

    /// <summary>Its counters.</summary>
    public StatsBody? Stats { get; init; }

    /// <summary>Its last 20 errors, oldest first.</summary>
    public IReadOnlyList<StreamErrorBody>? Errors { get; init; }

    /// <summary>How many statuses and errors the stream has had.</summary>
    public long? Version { get; init; }

    public static StreamBody Of(StreamInfo stream) =>
        new(stream.StreamId, stream.Name, stream.Owner, stream.CanView, stream.CanPublish);

    public StreamBody With(StreamSnapshot? now) => now is null
        ? this
        : this with
        {
            Execution = now.Execution,
            Status = StatusName.Of(now.Status),
            Stats = StatsBody.Of(now.Stats),
            Errors = [.. now.Errors.Select(StreamErrorBody.Of)],
            Version = now.Version,
        };
}

/// <summary>Streams, ascending by id.</summary>
internal sealed record StreamsBody(IReadOnlyList<StreamBody> Streams, bool HasMore);

/// <summary>Usernames, in ordinal order.</summary>
internal sealed record StreamUsersBody(IReadOnlyList<string> Usernames, bool HasMore);
