using System.Text.Json;

namespace NewLoom.Bench.Chaos;

/// <summary>A client that keeps a socket open, and opens the next one on another gateway when that one ends.</summary>
/// <remarks>So all of them would soon be on one gateway: from time to time they are sent back to where they
/// began.</remarks>
internal abstract class ChaosClient
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private readonly IReadOnlyList<Uri> _gateways;
    private readonly int _first;
    private int _gateway;
    private volatile bool _isSentBack;

    /// <summary>Prepares a client.</summary>
    /// <param name="gateways">All gateways.</param>
    /// <param name="first">Which one it begins with.</param>
    protected ChaosClient(IReadOnlyList<Uri> gateways, int first) =>
        (_gateways, _first, _gateway) = (gateways, first, first);

    /// <summary>The time.</summary>
    protected static TimeProvider Time => TimeProvider.System;

    /// <summary>What clients were told.</summary>
    public required ChaosBooks Books { get; init; }

    /// <summary>Who it is.</summary>
    public required string Token { get; init; }

    /// <summary>Whether it asks for the extended profile.</summary>
    public bool IsExtended { get; init; }

    /// <summary>The socket's path with its query.</summary>
    protected abstract string Path { get; }

    /// <summary>Sends it back to the gateway that it began with, if it is not there.</summary>
    public void SendBack() => _isSentBack = true;

    /// <summary>Runs until it is finished, or the token ends it.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await using var socket = await JsonSocket.OpenAsync(
                    _gateways[_gateway % _gateways.Count], Path, Token, IsExtended, cancellationToken);
                if (await SpeakAsync(socket, cancellationToken))
                {
                    return;
                }

                Books.Count("sockets that ended");
            }
            catch (Exception e) when (JsonSocket.IsCutOff(e))
            {
                Books.Count("connects that failed");
            }

            (_gateway, _isSentBack) = (_isSentBack ? _first : _gateway + 1, false);
            await Task.Delay(Pause, Time, CancellationToken.None);
        }
    }

    /// <summary>Uses a socket until it ends (false), or there is nothing left to do (true).</summary>
    protected abstract Task<bool> SpeakAsync(JsonSocket socket, CancellationToken cancellationToken);

    /// <summary>Reads the next frame, but does not wait for it longer than this.</summary>
    /// <returns>Whether the socket is still to be used; and a frame, if one came.</returns>
    protected async Task<(bool IsOpen, JsonElement? Frame)> NextAsync(
        JsonSocket socket, TimeSpan wait, CancellationToken cancellationToken)
    {
        if (socket.Frames.TryRead(out var ready))
        {
            return (true, ready);
        }

        var isAway = (_gateway - _first) % _gateways.Count != 0;
        if (_isSentBack && isAway)
        {
            return (false, null);
        }

        _isSentBack = false;

        var coming = socket.Frames.WaitToReadAsync(cancellationToken).AsTask();
        if (await Task.WhenAny(coming, Task.Delay(wait, Time, cancellationToken)) != coming)
        {
            return (true, null);
        }

        return await coming && socket.Frames.TryRead(out var frame) ? (true, frame) : (false, null);
    }

    /// <summary>What a server said that sends its clients away, or about trouble of its own.</summary>
    /// <returns>How long to wait before the next try; null: the frame is none of these.</returns>
    protected static TimeSpan? RetryAfter(JsonElement frame) =>
        frame.GetProperty("type").GetString() == "error"
        && frame.TryGetProperty("code", out var code) && code.GetString() is "unavailable" or "rate_limited"
            ? TimeSpan.FromMilliseconds(
                frame.TryGetProperty("retry_after_ms", out var retry) ? retry.GetInt64() : 1_000)
            : null;

    /// <summary>Follows a draining server's wish: leaves when it is told to.</summary>
    /// <returns>Whether the frame was one.</returns>
    protected async Task<bool> IsSentAwayAsync(JsonElement frame, CancellationToken cancellationToken)
    {
        if (frame.GetProperty("type").GetString() != "disconnect")
        {
            return false;
        }

        Books.Count("sockets that a draining gateway sent away");
        await Task.Delay(
            TimeSpan.FromMilliseconds(frame.GetProperty("reconnect_after_ms").GetInt64()), Time, cancellationToken);
        return true;
    }
}
