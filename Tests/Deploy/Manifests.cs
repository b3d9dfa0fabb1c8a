using k8s;
using k8s.Models;
using NewLoom.Tests.Support;

namespace NewLoom.Tests.Deploy;

/// <summary>The example overlay of deploy/kubernetes, built by Kustomize once for all tests.</summary>
public sealed class Manifests : IAsyncDisposable
{
    /// <summary>Where the example puts everything.</summary>
    public const string Namespace = "newloom";

    private const string Separator = "\n---\n";

    // Not an object of Kubernetes itself.
    private const string RouteKind = "kind: HTTPRoute";

    private static readonly TimeSpan BuildLimit = TimeSpan.FromSeconds(60);
    private readonly string _folder = Directory.CreateTempSubdirectory("newloom-manifests-").FullName;
    private List<object>? _objects;

    /// <summary>The whole text, in a file.</summary>
    public string Path => System.IO.Path.Combine(_folder, "example.yaml");

    /// <summary>Builds it, and reads each object as its type; a field that the type does not have is refused.</summary>
    public async Task LoadAsync()
    {
        if (_objects is not null)
        {
            return;
        }

        var run = await ProgramRun.OfAsync(
            Requirement.Program("kubectl"), _folder, BuildLimit, TestContext.Current.CancellationToken,
            "kustomize", DeployFiles.PathOf("deploy", "kubernetes", "example"));
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Equal("", run.Errors);    // where a field's use is discouraged, it is said there
        await File.WriteAllTextAsync(Path, run.Output, TestContext.Current.CancellationToken);
        var documents = run.Output.Split(Separator)
            .Where(document => !document.Contains(RouteKind, StringComparison.Ordinal));
        _objects = Read(string.Join(Separator, documents));
    }

    /// <summary>Reads objects strictly.</summary>
    public static List<object> Read(string yaml) => KubernetesYaml.LoadAllFromString(yaml, strict: true);

    /// <summary>All objects of a kind.</summary>
    public IEnumerable<T> All<T>() => _objects!.OfType<T>();

    /// <summary>Everything but the route.</summary>
    public IEnumerable<object> Objects => _objects!;

    /// <summary>The object of a kind and name.</summary>
    public T Find<T>(string name)
        where T : IMetadata<V1ObjectMeta> => All<T>().Single(item => item.Metadata.Name == name);

    /// <summary>A deployment's only container.</summary>
    public V1Container Container(string deployment) =>
        Assert.Single(Find<V1Deployment>(deployment).Spec.Template.Spec.Containers);

    /// <summary>What a deployment's container has in its environment, secrets and addresses as their sources'
    /// names.</summary>
    public Dictionary<string, string> Environment(string deployment)
    {
        var container = Container(deployment);
        var plain = container.EnvFrom.SelectMany(source => Find<V1ConfigMap>(source.ConfigMapRef.Name).Data);
        var referred = container.Env.Select(variable => KeyValuePair.Create(
            variable.Name,
            variable.ValueFrom.SecretKeyRef is { } secret ? $"secret {secret.Name}/{secret.Key}"
                : variable.ValueFrom.FieldRef.FieldPath));
        return plain.Concat(referred).ToDictionary();    // throws where one is there twice
    }

    /// <summary>The labels of a deployment's pods.</summary>
    public IDictionary<string, string> PodLabels(string deployment) =>
        Find<V1Deployment>(deployment).Spec.Template.Metadata.Labels;

    /// <summary>Whether a selector means pods with these labels; only <c>matchLabels</c> are used here.</summary>
    public static bool Selects(V1LabelSelector selector, IDictionary<string, string> labels)
    {
        Assert.True(selector.MatchExpressions is null or []);
        return Selects(selector.MatchLabels ?? new Dictionary<string, string>(), labels);
    }

    /// <summary>Whether all these labels are among those.</summary>
    public static bool Selects(IDictionary<string, string> selector, IDictionary<string, string> labels) =>
        selector.All(label => labels.TryGetValue(label.Key, out var value) && value == label.Value);

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
