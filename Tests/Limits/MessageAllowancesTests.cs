using Microsoft.Extensions.Time.Testing;
using NewLoom.Gateway.Limits;
using NewLoom.Grains.Users;
using NewLoom.Tests.Api;
using NewLoom.Users;

namespace NewLoom.Tests.Limits;

public sealed class MessageAllowancesTests
{
    private const string User = "alice";

    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;
    private readonly FakeTimeProvider _time = new();
    private readonly RateGrain _sockets;
    private readonly MessageAllowances _allowances;

    public MessageAllowancesTests()
    {
        _sockets = new RateGrain(new MessageRate(20, 40, _time));
        _allowances = new MessageAllowances(new ApiGrains(cluster: null) { Sockets = _sockets }, _time);
    }

    [Fact]
    public async Task Burst_IsExactlyForty_AndAgainAfterTwoSeconds()
    {
        Assert.Equal(40, await SpendAllAsync());
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(40, await SpendAllAsync());
    }

    [Fact]
    public async Task Messages_CostOneCallForEight()
    {
        for (var i = 0; i < 16; i++)
        {
            Assert.Null(await _allowances.TrySpendAsync(User, _ct));
        }

        Assert.Equal(2, _sockets.CallCount);
    }

    [Fact]
    public async Task Refusal_IsNotAskedForAgain_BeforeItsTime()
    {
        await SpendAllAsync();
        var calls = _sockets.CallCount;
        var wait = await _allowances.TrySpendAsync(User, _ct);
        Assert.Equal((TimeSpan.FromMilliseconds(50), calls), (wait, _sockets.CallCount));
        _time.Advance(wait!.Value);
        Assert.Null(await _allowances.TrySpendAsync(User, _ct));
    }

    [Fact]
    public async Task HeldMessages_AreVoid_WhenOldEnough()
    {
        await _allowances.TrySpendAsync(User, _ct);
        _time.Advance(MessageAllowance.Lifetime + TimeSpan.FromSeconds(1));
        Assert.Equal(40, await SpendAllAsync());
    }

    [Fact]
    public async Task OneCallAtATime_IsMade_WhenManySocketsSend()
    {
        _sockets.Gate = new TaskCompletionSource();
        var spends = Enumerable.Range(0, 8).Select(_ => _allowances.TrySpendAsync(User, _ct).AsTask()).ToArray();
        _sockets.Gate.SetResult();
        Assert.All(await Task.WhenAll(spends), Assert.Null);
        Assert.Equal(1, _sockets.CallCount);
    }

    [Fact]
    public async Task Users_AreForgotten_WhenTheySendNothingForAMinute()
    {
        await _allowances.TrySpendAsync(User, _ct);
        _time.Advance(MessageAllowances.Memory);
        await _allowances.TrySpendAsync("bob", _ct);
        Assert.Equal(1, _allowances.Count);
    }

    private async Task<int> SpendAllAsync()
    {
        var count = 0;
        while (await _allowances.TrySpendAsync(User, _ct) is null)
        {
            count++;
        }

        return count;
    }

    private sealed class RateGrain(MessageRate rate) : IUserSocketsGrain
    {
        public int CallCount { get; private set; }

        public TaskCompletionSource? Gate { get; set; }

        public async Task<MessageAllowance> TakeAsync(int count, CancellationToken cancellationToken)
        {
            CallCount++;
            await (Gate?.Task ?? Task.CompletedTask);
            return rate.Take(count);
        }

        public Task<bool> OpenAsync(string gatewayId, string connectionId, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task CloseAsync(string gatewayId, string connectionId, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task ChatAddedAsync(long chatId, string name, long seq, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task ChatRemovedAsync(long chatId, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task CredentialEndedAsync(string? hash, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task StreamAddedAsync(long streamId, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();
    }
}
