using System.Net.Sockets;
using System.Text;
using NewLoom.Bench.Sockets;

namespace NewLoom.Bench.Fuzzing;

/// <summary>One client after another that sends what it should not, and then asks whether the server is still
/// there.</summary>
/// <param name="server">The gateway.</param>
/// <param name="path">The path with a good token.</param>
/// <param name="wire">What to send.</param>
/// <param name="books">Takes down what happens.</param>
public sealed class FuzzWorker(Uri server, string path, WireFuzzer wire, FuzzBooks books)
{
    /// <summary>Frames on one socket; the default limit ends it after about 50 refused ones.</summary>
    private const int FramesPerSocket = 60;

    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(20);
    private static readonly int[] Documented = [1000, 4401, 4429, 4508];

    private int _number;

    /// <summary>Opens sockets until so many frames have been sent by all.</summary>
    public async Task RunAsync(long frames, CancellationToken cancellationToken)
    {
        while (books.Frames < frames)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(AnswerLimit);
            try
            {
                await RunOneAsync(frames, limit.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                books.Trouble($"socket {_number} of {path.Split('?')[0]} neither answered nor closed in {AnswerLimit}");
            }
        }
    }

    private async Task RunOneAsync(long frames, CancellationToken cancellationToken)
    {
        var protocol = ++_number % 2 == 0 ? "newloom.v1" : null;
        using var socket = await RawSocket.OpenAsync(server, path, cancellationToken, protocol);
        books.Opened();
        wire.Reset();
        var last = $"last-{Guid.NewGuid():N}";
        var reading = ReadAsync(socket, last, cancellationToken);
        try
        {
            for (var i = 0; i < FramesPerSocket && !reading.IsCompleted && books.Sent() <= frames; i++)
            {
                await socket.SendAsync(wire.Next(), cancellationToken);
            }

            var heartbeat = $$"""{"type":"heartbeat","request_id":"{{last}}"}""";
            await socket.SendAsync(RawFrames.Of(Opcode.Text, Encoding.UTF8.GetBytes(heartbeat)), cancellationToken);
        }
        catch (SocketException)
        {
            // Closed meanwhile; the reading side says why.
        }

        if (!await reading)
        {
            Judge(socket.CloseCode);
        }
    }

    /// <returns>Whether the last frame was answered.</returns>
    private async Task<bool> ReadAsync(RawSocket socket, string last, CancellationToken cancellationToken)
    {
        while (await socket.ReceiveAsync(cancellationToken) is { } frame)
        {
            books.Received();
            if (frame.AsSpan().IndexOf("\"internal_error\""u8) >= 0)
            {
                books.Trouble($"socket {_number} was told: {Encoding.UTF8.GetString(frame)}");
            }

            if (frame.AsSpan().IndexOf(Encoding.UTF8.GetBytes(last)) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    private void Judge(int? code)
    {
        books.Closed(code ?? 0);
        var isRight = code switch
        {
            null or 1002 or 1007 => wire.HasBrokenRules,
            1009 => wire.WasTooLarge || wire.HasBrokenRules,
            _ => Documented.Contains(code.Value),
        };
        if (!isRight)
        {
            books.Trouble($"socket {_number} was closed with {(code is null ? "no code" : $"{code}")}");
        }
    }
}
