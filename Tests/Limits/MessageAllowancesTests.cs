using Microsoft.Extensions.Time.Testing;
using NewLoom.Gateway.Limits;
using NewLoom.Grains.Users;
using NewLoom.Tests.Api;
using NewLoom.Users;

namespace NewLoom.Tests.Limits;

public sealed class MessageAllowancesTests
{
    private const string User = "alice";
    private const int Burst = 40;

    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;
    private readonly FakeTimeProvider _time = new();
    private readonly RateGrain _sockets;
    private readonly MessageAllowances _allowances;

    public MessageAllowancesTests()
    {
        _sockets = new RateGrain(new MessageRate(perSecond: 1, Burst));    // nothing comes back during a test
        _allowances = new MessageAllowances(new ApiGrains(cluster: null) { Sockets = _sockets }, _time);
    }

    [Fact]
    public async Task Burst_IsExactlyForty() => Assert.Equal(Burst, await SpendAllAsync());

    [Fact]
    public async Task Gateway_SaysHowLongItHasHeldNothing()
    {
        await SpendAsync(1);
        Assert.Equal(MessageAllowance.Lifetime, _sockets.EmptyFor);    // it never held any

        await SpendAsync(7);
        _time.Advance(TimeSpan.FromSeconds(3));
        await SpendAsync(1);
        Assert.Equal(TimeSpan.FromSeconds(3), _sockets.EmptyFor);

        _time.Advance(MessageAllowance.Lifetime + TimeSpan.FromSeconds(2));
        await SpendAsync(1);
        Assert.Equal(TimeSpan.FromSeconds(2), _sockets.EmptyFor);    // since the seven were void
    }

    [Fact]
    public async Task Messages_CostOneCallForEight()
    {
        await SpendAsync(16);

        Assert.Equal(2, _sockets.CallCount);
    }

    [Fact]
    public async Task Refusal_IsNotAskedForAgain_BeforeItsTime()
    {
        await SpendAllAsync();
        var calls = _sockets.CallCount;
        var wait = await _allowances.TrySpendAsync(User, _ct);
        Assert.Equal((TimeSpan.FromSeconds(1), calls), (wait, _sockets.CallCount));
        _time.Advance(wait!.Value);
        await _allowances.TrySpendAsync(User, _ct);
        Assert.Equal(calls + 1, _sockets.CallCount);
    }

    [Fact]
    public async Task HeldMessages_AreVoid_WhenOldEnough()
    {
        await SpendAsync(1);
        _time.Advance(MessageAllowance.Lifetime);
        await SpendAsync(1);
        Assert.Equal(2, _sockets.CallCount);
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

    private async Task SpendAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Assert.Null(await _allowances.TrySpendAsync(User, _ct));
        }
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

        public TimeSpan EmptyFor { get; private set; }

        public TaskCompletionSource? Gate { get; set; }

        public async Task<MessageAllowance> TakeAsync(
            int count, TimeSpan emptyFor, CancellationToken cancellationToken)
        {
            CallCount++;
            EmptyFor = emptyFor;
            await (Gate?.Task ?? Task.CompletedTask);
            return rate.Take(count, emptyFor);
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
