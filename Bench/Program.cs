using System.CommandLine;
using NewLoom.Bench.Scenarios;
using NewLoom.Bench.Sockets;

if (args is not ["chaos" or "recovery", ..])
{
    SocketEngine.UseOneThread();    // the others wait within what handles a receive
}

var root = new RootCommand("Measures a running NewLoom: losses, latency, CPU per delivery, memory per socket.")
{
    new FanoutCommand(),
    new IdleCommand(),
    new StreamsCommand(),
    new FuzzCommand(),
    new AttacksCommand(),
    new ChaosCommand(),
    new RecoveryCommand(),
    new TopologiesCommand(),
};

var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    await Console.Error.WriteLineAsync(parsed.Errors[0].Message);
    return ScenarioCommand.CouldNotRunExitCode;
}

return await parsed.InvokeAsync();
