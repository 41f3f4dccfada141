using Assay.Onnx;
using Assay.Statistics;

namespace Assay.Training;

/// <summary>Seeded starting values of parameters; each parameter's depend on (seed, its name) alone.</summary>
public static class Initialisation
{
    /// <summary>Uniform in ±√(6 / (rows + columns)) for a matrix [inputs, outputs] (Glorot and Bengio, 2010).</summary>
    public static TensorData Glorot(ulong seed, string name, long inputs, long outputs) =>
        Uniform(seed, name, Math.Sqrt(6.0 / (inputs + outputs)), inputs, outputs);

    /// <summary>Uniform in ±√(6 / inputs) for a matrix [inputs, outputs] before a ReLU (He et al., 2015).</summary>
    public static TensorData He(ulong seed, string name, long inputs, long outputs) =>
        Uniform(seed, name, Math.Sqrt(6.0 / inputs), inputs, outputs);

    /// <summary>Normal with the given spread, for lookup tables.</summary>
    public static TensorData Normal(ulong seed, string name, double spread, params long[] dims)
    {
        var random = new CounterRandom(seed, "parameter " + name);
        return Fill(dims, () => (float)(spread * random.NextNormal()));
    }

    /// <summary>Zeros.</summary>
    public static TensorData Zeros(params long[] dims) => Fill(dims, () => 0);

    internal static TensorData Uniform(ulong seed, string name, double bound, params long[] dims)
    {
        var random = new CounterRandom(seed, "parameter " + name);
        return Fill(dims, () => (float)(bound * (2 * random.NextDouble() - 1)));
    }

    internal static TensorData Fill(long[] dims, Func<float> next)
    {
        var values = new float[dims.Aggregate(1L, (a, b) => a * b)];
        for (var i = 0; i < values.Length; i++)
            values[i] = next();
        return TensorData.From(values, dims);
    }
}
