using Assay.Attribution;
using Assay.Onnx;

namespace Assay.Studies;

/// <summary>The model as a study uses it. Calls may come from several threads.</summary>
internal interface IModelRunner : IDisposable
{
    /// <summary>The head, as results name it.</summary>
    string Head { get; }

    /// <summary>The logit of each row.</summary>
    double[] Score(IReadOnlyDictionary<string, TensorData> rows);

    /// <summary>
    /// For each set of features the logit of each row with these of its donor; null where rows must be scored one set after
    /// the other.
    /// </summary>
    double[][]? Exchanged(
        IReadOnlyDictionary<string, TensorData> rows,
        IReadOnlyDictionary<string, TensorData> donors,
        IReadOnlyList<IReadOnlyList<int>> sets
    );

    /// <summary>Rows × features: how each row's logit changes to first order as each of its features goes to the donor's.</summary>
    double[] Changes(IReadOnlyDictionary<string, TensorData> rows, IReadOnlyDictionary<string, TensorData> donors);

    /// <summary>Rows × features: unbiased draws of what each feature saves of each row's logloss.</summary>
    double[] Sage(PreparedSplit split, Block block, IReadOnlyDictionary<string, TensorData> rows, double[] labels);

    /// <summary>Explains rows by one per-row method of the plan; <paramref name="block"/> names them for drawn baselines.</summary>
    Explanation Explain(int method, PreparedSplit split, Block block, IReadOnlyDictionary<string, TensorData> rows);
}
