using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using NewLoom.Gateway.Frames;

namespace NewLoom.Tests.Docs;

/// <summary>Compares schemas of the document with what the serializer reads or writes.</summary>
internal sealed class SchemaComparison
{
    /// <summary>Not compared: <c>type</c> is no field of the records, and <c>request_id</c> is their base's.</summary>
    private static readonly string[] CommonFields = ["type", "request_id"];

    private readonly AsyncApiDocument _document;
    private readonly Func<JsonPropertyInfo, bool> _isField;
    private readonly Func<JsonPropertyInfo, bool> _isMandatory;

    private SchemaComparison(
        AsyncApiDocument document, Func<JsonPropertyInfo, bool> isField, Func<JsonPropertyInfo, bool> isMandatory)
    {
        _document = document;
        _isField = isField;
        _isMandatory = isMandatory;
    }

    /// <summary>For what clients send: fields without a default are demanded.</summary>
    public static SchemaComparison ForReading(AsyncApiDocument document) => new(
        document,
        field => field.AssociatedParameter is not null,
        field => !field.AssociatedParameter!.HasDefaultValue);

    /// <summary>For what the server sends: nulls are left out, everything else is always there.</summary>
    public static SchemaComparison ForWriting(AsyncApiDocument document) => new(
        document,
        field => field.Get is not null,
        field => field.PropertyType.IsValueType
            ? Nullable.GetUnderlyingType(field.PropertyType) is null
            : !field.IsGetNullable);

    /// <summary>The differences, each as a sentence.</summary>
    public IEnumerable<string> Differences(JsonTypeInfo type, JsonNode schema, string path)
    {
        var described = schema["properties"]!.AsObject();
        var required = (schema["required"]?.AsArray() ?? []).Select(name => name!.GetValue<string>()).ToHashSet();
        var fields = type.Properties.Where(field => _isField(field) && !CommonFields.Contains(field.Name)).ToList();
        var known = fields.Select(field => field.Name).Concat(CommonFields);
        foreach (var name in described.Select(field => field.Key).Except(known))
        {
            yield return $"{path}.{name} is not in the code";
        }

        foreach (var field in fields)
        {
            var where = $"{path}.{field.Name}";
            if (described[field.Name] is not { } fieldSchema)
            {
                yield return $"{where} is not in the document";
                continue;
            }

            if (required.Contains(field.Name) != _isMandatory(field))
            {
                yield return $"{where}: the document and the code differ on whether it may be missing";
            }

            foreach (var difference in KindDifferences(field.PropertyType, _document.Resolve(fieldSchema), where))
            {
                yield return difference;
            }
        }
    }

    private IEnumerable<string> KindDifferences(Type clrType, JsonNode schema, string path)
    {
        clrType = Nullable.GetUnderlyingType(clrType) ?? clrType;
        var kind = KindOf(clrType);
        if (schema["type"]?.GetValue<string>() != kind)
        {
            return [$"{path} is of kind {kind} in the code"];
        }

        if (clrType == typeof(DateTimeOffset) && schema["format"]?.GetValue<string>() != "date-time")
        {
            return [$"{path} is a time in the code"];
        }

        return kind switch
        {
            "array" => KindDifferences(clrType.GetElementType()!, _document.Resolve(schema["items"]!), $"{path}[]"),
            "object" => Differences(FrameJson.Default.GetTypeInfo(clrType)!, schema, path),
            _ => [],
        };
    }

    private static string KindOf(Type type) => type switch
    {
        _ when type == typeof(long) || type == typeof(int) => "integer",
        _ when type == typeof(bool) => "boolean",
        _ when type == typeof(string) || type == typeof(DateTimeOffset) => "string",
        { IsArray: true } => "array",
        _ => "object",
    };
}
