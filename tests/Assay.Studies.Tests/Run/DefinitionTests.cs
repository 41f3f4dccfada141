using Assay.Onnx;

namespace Assay.Studies.Tests;

public sealed class DefinitionTests : IDisposable
{
    private readonly TinyWorld world = new();

    public void Dispose() => world.Dispose();

    [Theory]
    [InlineData("label: label", "lable: label", "line 5: unknown key 'lable'", "'label' is missing")]
    [InlineData("replicates: 200", "replicates: ten", "'replicates' must be a whole number, not 'ten'", "")]
    [InlineData("replicates: 200", "replicates: 3", "'replicates' must lie between 50 and 100000, not 3", "")]
    [InlineData("replicates: 200", "replicats: 200", "unknown key 'replicats'. Did you mean 'replicates'?", "")]
    [InlineData("bins: [0.5]", "bins: [2, 1]", "segments.price: the edges must rise", "")]
    [InlineData("bins: [0.5]", "quantile: 4", "segments.price: unknown key 'quantile'. Did you mean 'quantiles'?", "")]
    [InlineData("steps: 4", "stops: 4", "methods[0]: unknown key 'stops'. Did you mean 'steps'?", "")]
    [InlineData("explain: explain.parquet, ", "", "data: 'explain' is missing", "")]
    [InlineData("replicates: 200", "space: odds", "'space' must be one of logit, probability, not 'odds'", "")]
    [InlineData(
        "groups: [goods]",
        "groups: [good]",
        "the group 'good', which the dictionary does not have. Did you mean 'goods'?",
        ""
    )]
    [InlineData(
        "integrated-gradients",
        "integral",
        "changed.yaml line 14: methods[0]: There is no method 'integral'",
        ""
    )]
    [InlineData(
        "{id: integrated-gradients, steps: 4}",
        "integral",
        "changed.yaml line 14: methods[0]: There is no method",
        ""
    )]
    [InlineData("steps: 4", "steps: 5000", "methods[0]: 'steps' must lie between 1 and 4096, not 5000", "")]
    [InlineData("replicates: 200", "memory: lots", "'memory' must be a size such as 512MB or 2GB, not 'lots'", "")]
    [InlineData(
        "country: country",
        "country: cuntry",
        "column 'cuntry' (segment 'country') is missing. Did you mean 'country'?",
        ""
    )]
    [InlineData("usr IN ('u1', 'u2')", "usr INN ('u1')", "The data cannot be read: Parser Error", "")]
    [InlineData("model: model.onnx", "model: none.onnx", "none.onnx' does not exist", "")]
    public void Mistakes_are_one_line_that_says_where(string old, string replacement, string expected, string or)
    {
        TinyWorld.Yaml.ShouldContain(old);
        var e = Should.Throw<AssayException>(() => world.Run(study: world.With(old, replacement)));
        e.Message.ShouldNotContain("\n");
        if (or.Length == 0 || !e.Message.Contains(or))
            e.Message.ShouldContain(expected);
    }
}
