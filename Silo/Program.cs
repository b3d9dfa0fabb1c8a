using NewLoom.Gateway;
using NewLoom.Silo;

return await StartUp.RunAsync(async startUp =>
{
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions
    {
        Args = args,
        ContentRootPath = AppContext.BaseDirectory,    // where appsettings.json lies, wherever it is called
    });

    startUp.TakeOver(builder.Logging);
    using var database = await builder.AddNewLoomSiloAsync();
    builder.AddNewLoomGateway();

    var app = builder.Build();
    app.UseNewLoomGateway();

    // Not RunAsync: when the start fails it takes the half of a host down, in many words.
    await app.StartAsync();
    startUp.End();
    await app.WaitForShutdownAsync();
    await app.DisposeAsync();
});
