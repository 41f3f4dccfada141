using Assay.Onnx;
using Assay.Statistics;
using DataType = Assay.Onnx.Wire.TensorProto.Types.DataType;

namespace Assay.Studies.Tests;

/// <summary>
/// A world small enough to know: logit = country[c] + product[p] + ½ price − 1, and a feature the model does not use.
/// Labels are drawn from the logit. Users have a country; rows have the rest.
/// </summary>
internal sealed class TinyWorld : IDisposable
{
    public const int Users = 300;
    public static readonly float[] Country = [0, -0.8f, 0.1f, 0.9f];
    public static readonly float[] Product = [0, -1, -0.5f, 0, 0.5f, 1];

    /// <param name="cross">Effect on the logit of country and product together, + where both numbers are odd or even, else −.</param>
    public TinyWorld(ulong seed = 1, bool shuffled = false, double cross = 0)
    {
        Cross = cross;
        Model().Save(Folder["model.onnx"]);
        Folder.File(
            "features.yaml",
            """
            features:
              - {feature: country, kind: categorical, input: ids, column: 0, vocabulary_size: 4, padding_id: 0, group: user, display_name: Home country}
              - {feature: product, kind: categorical, input: ids, column: 1, vocabulary_size: 6, padding_id: 0, group: item}
              - {feature: price, kind: numeric, input: dense, column: 0, training_mean: 0.5, group: item}
              - {feature: idle, kind: numeric, input: dense, column: 1, training_mean: 0, group: item}
            groups: {goods: [product, price]}
            """
        );
        Write("explain.parquet", seed, 0, shuffled);
        Write("holdout.parquet", seed, 1, shuffled);
        Folder.File("study.yaml", Yaml);
    }

    public const string Yaml = """
        name: tiny
        model: model.onnx
        dictionary: features.yaml
        data: {explain: explain.parquet, holdout: holdout.parquet}
        label: label
        cluster: usr
        request: visit
        item: product
        segments:
          country: country
          price: {column: price, bins: [0.5]}
          rare: {sql: {two: "usr IN ('u1', 'u2')"}}
        methods:
          - {id: integrated-gradients, steps: 4}
          - {id: permutation, groups: [goods]}
        replicates: 200
        """;

    public TempFolder Folder { get; } = new();

    private double Cross { get; }

    /// <summary>The logit that labels are drawn from.</summary>
    public static double Logit(int country, int product, double price, double cross = 0) =>
        Country[country] + Product[product] + 0.5 * price - 1 + ((country + product) % 2 == 0 ? cross : -cross);

    public StudyDefinition Study => StudyDefinition.Load(Folder["study.yaml"]);

    public StudyDefinition With(string old, string replacement) =>
        StudyDefinition.Load(Folder.File("changed.yaml", Yaml.Replace(old, replacement)));

    public StudyResult Run(string folder = "run", RunOptions? options = null, StudyDefinition? study = null) =>
        StudyRunner.Run(study ?? Study, Folder[folder], options ?? new RunOptions { Threads = 2 });

    public void Dispose() => Folder.Dispose();

    private static OnnxModel Model() =>
        new SmallModel()
            .Input("ids", DataType.Int64, "batch", 2)
            .Input("dense", DataType.Float, "batch", 2)
            .Tensor("zero", TensorData.Scalar(0L))
            .Tensor("one", TensorData.Scalar(1L))
            .Tensor("countries", TensorData.From(Country, 4, 1))
            .Tensor("products", TensorData.From(Product, 6, 1))
            .Tensor("weights", TensorData.From([0.5f, 0f], 2, 1))
            .Tensor("bias", TensorData.From([-1f], 1))
            .Node("Gather ids zero -> country", ("axis", 1L))
            .Node("Gather ids one -> product", ("axis", 1L))
            .Node("Gather countries country -> c", ("axis", 0L))
            .Node("Gather products product -> p", ("axis", 0L))
            .Node("MatMul dense weights -> d")
            .Node("Add c p -> cp")
            .Node("Add cp d -> cpd")
            .Node("Add cpd bias -> logit")
            .Output("logit", DataType.Float, "batch", 1)
            .Load();

    private void Write(string name, ulong seed, ulong part, bool shuffled)
    {
        const int perUser = 30;
        var n = Users * perUser;
        var (users, visits) = (new string[n], new int[n]);
        var (country, product, label) = (new int[n], new int[n], new int[n]);
        var (price, idle) = (new double[n], new double[n]);
        for (var i = 0; i < n; i++)
        {
            var random = new CounterRandom(seed, $"tiny/{part}", (ulong)i);
            var user = i / perUser;
            (users[i], visits[i]) = ($"u{user}", i / 10);
            country[i] = 1 + user % 3;
            product[i] = 1 + random.NextInt(5);
            price[i] = random.NextNormal() + 0.5;
            idle[i] = random.NextNormal();
            var logit = Logit(country[i], product[i], price[i], Cross);
            label[i] = random.NextBool(shuffled ? 0.3 : 1 / (1 + Math.Exp(-logit))) ? 1 : 0;
        }
        RowFile.Write(
            Folder[name],
            ("usr", users),
            ("visit", visits),
            ("country", country),
            ("product", product),
            ("price", price),
            ("idle", idle),
            ("label", label)
        );
    }
}
