using System.Net;
using System.Net.Sockets;

namespace NewLoom.Tests.Support;

/// <summary>A client with a loopback address to itself, to which the service counts what it does.</summary>
internal sealed class AddressedClient : IDisposable
{
    private readonly ServiceProcess _service;

    public AddressedClient(ServiceProcess service, string address)
    {
        _service = service;
        Http = new HttpClient(new SocketsHttpHandler
        {
            UseCookies = false,
            ConnectCallback = async (_, ct) =>
            {
                var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                tcp.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
                await tcp.ConnectAsync(new IPEndPoint(IPAddress.Loopback, service.Port), ct);
                return new NetworkStream(tcp, ownsSocket: true);
            },
        })
        {
            BaseAddress = service.HttpUri,
        };
    }

    public HttpClient Http { get; }

    /// <summary>Opens a chat socket.</summary>
    /// <param name="token">Goes into the URL; null leaves it out.</param>
    /// <param name="isExtended">Whether to offer <c>newloom.v1</c>.</param>
    public Task<TestSocket> OpenAsync(string? token, bool isExtended = false) => TestSocket.OpenAsync(
        new Uri($"ws://127.0.0.1:{_service.Port}/ws/chat/{(token is null ? "" : $"?token={token}")}"),
        options =>
        {
            if (isExtended)
            {
                options.AddSubProtocol("newloom.v1");
            }
        },
        Http);

    public void Dispose() => Http.Dispose();
}
