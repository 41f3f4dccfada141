using Assay.Onnx;

namespace Assay.Training.Parameters;

/// <summary>Starting values of parameters by their kind; those of one parameter depend on (seed, its name) alone.</summary>
internal static class Restart
{
    private const double Slope = 0.25;

    public static TensorData Of(ModelParameter parameter, TensorData present, ulong seed, double spread)
    {
        var (name, dims) = (parameter.Name, present.Dims);
        switch (parameter.Kind)
        {
            case ParameterKind.Table:
                return Table(parameter, present, Initialisation.Normal(seed, name, spread, dims));
            case ParameterKind.Vectors:
                return Initialisation.Normal(seed, name, spread, dims);
            case ParameterKind.Weight:
                var (inputs, outputs) = parameter.Fans;
                var bound = Math.Sqrt(6.0 / (parameter.Rectified ? inputs : inputs + outputs));
                return Initialisation.Uniform(seed, name, bound, dims);
            case ParameterKind.Bias:
                return Initialisation.Zeros(dims);
            case ParameterKind.Scale:
                return Initialisation.Fill(dims, () => 1);
            case ParameterKind.Slope:
                return Initialisation.Fill(dims, () => (float)Slope);
            default:
                return present;
        }
    }

    private static TensorData Table(ModelParameter parameter, TensorData present, TensorData fresh)
    {
        var width = present.Count / (int)present.Dims[0];
        foreach (var row in parameter.FrozenRows)
            present.Span<float>().Slice(row * width, width).CopyTo(fresh.Span<float>()[(row * width)..]);
        return fresh;
    }
}
