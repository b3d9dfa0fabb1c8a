using NewLoom.Gateway;
using NewLoom.Silo;

return await StartUp.RunAsync(async started =>
{
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions
    {
        Args = args,
        ContentRootPath = AppContext.BaseDirectory,    // appsettings.json lies beside the program, not where it is called
    });

    using var database = builder.AddNewLoomSilo();
    builder.AddNewLoomGateway();

    var app = builder.Build();
    app.Lifetime.ApplicationStarted.Register(started);
    app.UseNewLoomGateway();
    await app.RunAsync();
});
