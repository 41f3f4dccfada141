using Assay.Onnx;

namespace Assay.Attribution.Judging;

/// <summary>A method as the judge meets it: something that gives one number to each feature of each row.</summary>
internal sealed class Contestant(string id, IReadOnlyList<FeatureSlot> features, ExplainSettings settings)
{
    public string Id => id;

    public bool IsControl => id == Judgement.Control;

    /// <summary>The method opened for a model; the control needs none.</summary>
    public Opened Open(OnnxModel model) =>
        new(
            this,
            IsControl ? null : MethodRegistry.Find(id),
            IsControl ? null : new ExplainedModel(model, features, settings with { Method = id })
        );

    /// <summary>A method opened for a model.</summary>
    internal sealed class Opened(Contestant contestant, AttributionMethod? method, ExplainedModel? model) : IDisposable
    {
        /// <summary>Rows × features; an input error where they are not.</summary>
        public double[] Explain(IReadOnlyDictionary<string, TensorData> rows) => Explain(rows, out _);

        /// <summary>The same, and how many evaluations it took in all.</summary>
        public double[] Explain(IReadOnlyDictionary<string, TensorData> rows, out long evaluations)
        {
            evaluations = 0;
            var count = RowsOfInputs.Count(rows, "rows");
            if (method is null || model is null)
                return RandomControl.Attributions(rows, contestant.Width, contestant.Seed);
            var before = model.Evaluations;
            var explanation = method.Explain(model, rows);
            evaluations = explanation.Evaluations?.Sum(e => (long)e) ?? model.Evaluations - before;
            if (explanation.Attributions.Length != count * contestant.Width)
                throw AssayException.Input("It does not attribute to features.");
            return explanation.Attributions.All(double.IsFinite)
                ? explanation.Attributions
                : throw AssayException.Input("An attribution is not a finite number.");
        }

        public void Dispose() => model?.Dispose();
    }

    private int Width => features.Count;

    private ulong Seed => settings.Seed;
}
