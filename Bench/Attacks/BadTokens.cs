using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using NewLoom.Bench.Sockets;

namespace NewLoom.Bench.Attacks;

/// <summary>Random tokens of the right form, over HTTP and as sockets, 200 from each of 50 addresses.</summary>
public sealed class BadTokens : IAttack
{
    private const int AddressesUsual = 50;
    private const int AddressesAtOnce = 16;
    private const int TokensPerAddress = 200;
    private const int TokenBytes = 32;

    /// <inheritdoc />
    public string Name => "bad tokens";

    /// <inheritdoc />
    public async Task<string> RunAsync(AttackTarget target, CancellationToken lasting)
    {
        var tally = new Tally();
        var options = new ParallelOptions { MaxDegreeOfParallelism = AddressesAtOnce, CancellationToken = lasting };
        try
        {
            await Parallel.ForAsync(
                0, target.Scaled(AddressesUsual), options,
                async (number, token) => await TryAsync(target, number, tally, token));
        }
        catch (OperationCanceledException)
        {
            // The attack has lasted as long as it may.
        }

        return tally.ToString();
    }

    private static async Task TryAsync(AttackTarget target, int number, Tally tally, CancellationToken lasting)
    {
        var from = AttackTarget.Address(attack: 6, number);
        using var http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, token) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(from, 0));
                await socket.ConnectAsync(target.Server.Host, target.Server.Port, token);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        for (var i = 0; i < TokensPerAddress; i++)
        {
            var token = Convert.ToBase64String(RandomNumberGenerator.GetBytes(TokenBytes))
                .TrimEnd('=').Replace('+', '-').Replace('/', '_');
            tally.Add(i % 2 == 0
                ? await CallAsync(http, target.Server, token, lasting)
                : await OpenAsync(target.Server, from, token, lasting));
        }
    }

    private static async Task<string> CallAsync(
        HttpClient http, Uri server, string token, CancellationToken lasting)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server, "/api/chats"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await http.SendAsync(request, lasting);
        return $"HTTP {(int)response.StatusCode}";
    }

    private static async Task<string> OpenAsync(Uri server, IPAddress from, string token, CancellationToken lasting)
    {
        try
        {
            using var socket = await RawSocket.OpenAsync(server, $"/ws/chat/?token={token}", lasting, from: from);
            await socket.DrainAsync(lasting);
            return $"sockets closed with {socket.CloseCode}";
        }
        catch (InvalidDataException)
        {
            return "upgrades refused";
        }
        catch (SocketException)
        {
            return "dropped";
        }
    }
}
