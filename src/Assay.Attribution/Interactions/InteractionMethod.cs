using Assay.Onnx;

namespace Assay.Attribution.Interactions;

/// <summary>A method of interactions. A class with a parameterless constructor is found by <see cref="InteractionRegistry"/>.</summary>
internal abstract class InteractionMethod
{
    /// <summary>What is known of the method; <see cref="MethodInfo.PerRow"/> says whether single rows have values.</summary>
    public abstract MethodInfo Info { get; }

    /// <summary>The highest order there is.</summary>
    public virtual int HighestOrder => 3;

    /// <summary>Interactions of single rows; methods that measure a population refuse.</summary>
    public virtual RowInteractions Explain(InteractionModel model, IReadOnlyDictionary<string, TensorData> rows) =>
        throw AssayException.Usage(
            $"Method '{Info.Id}' measures a population and has no answer for single rows; ask for its ranking."
        );

    /// <summary>Interactions over all rows, the strongest first. Of a method of rows: the mean of each.</summary>
    public virtual InteractionRanking Rank(
        InteractionModel model,
        IReadOnlyDictionary<string, TensorData> rows,
        RowClusters clusters
    ) => RowRanking.Of(Explain(model, rows), model, clusters);
}
