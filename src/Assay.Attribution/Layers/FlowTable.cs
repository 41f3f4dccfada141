namespace Assay.Attribution.Layers;

/// <summary>What flows through all layers.</summary>
internal sealed class FlowTable
{
    private readonly double[] whole;
    private readonly LayerFlow[] flows;
    private readonly int features;

    public FlowTable(double[] whole, LayerFlow[] flows, int features, IReadOnlyList<ModelLayer> layers)
    {
        (this.whole, this.flows, this.features) = (whole, flows, features);
        Conductance =
        [
            .. layers.Select(
                (layer, i) =>
                {
                    // Units at several positions are one.
                    var mean = new double[layer.Units];
                    for (var at = 0; at < flows[i].Conductance.Length; at++)
                        mean[at % layer.Units] += Math.Abs(flows[i].Conductance[at]) / Rows;
                    return mean;
                }
            ),
        ];
    }

    /// <summary>Rows whose paths were followed.</summary>
    public int Rows => whole.Length / features;

    /// <summary>For each layer and unit the mean |conductance|.</summary>
    public double[][] Conductance { get; }

    /// <summary>A feature's attributions, one for each row.</summary>
    public double[] Of(int feature) => [.. whole.Where((_, at) => at % features == feature)];

    /// <summary>A feature's share of the sum of all mean |attributions|.</summary>
    public double Use(int feature)
    {
        double own = 0,
            all = 0;
        for (var at = 0; at < whole.Length; at++)
        {
            all += Math.Abs(whole[at]);
            if (at % features == feature)
                own += Math.Abs(whole[at]);
        }
        return all > 0 ? own / all : 0;
    }

    /// <summary>The share of some features' attribution, taken together, that passes a layer.</summary>
    public double Share(int layer, Func<int, bool> takes)
    {
        double passed = 0,
            total = 0;
        for (var r = 0; r < Rows; r++)
        {
            double through = 0,
                all = 0;
            for (var f = 0; f < features; f++)
                if (takes(f))
                {
                    through += flows[layer].Features[r * features + f];
                    all += whole[r * features + f];
                }
            passed += through * Math.Sign(all);
            total += Math.Abs(all);
        }
        return total > 0 ? passed / total : double.NaN;
    }
}
