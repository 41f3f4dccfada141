namespace Assay.Studies.Surrogates;

/// <summary>One regressor of a surrogate.</summary>
/// <param name="Feature">The feature it is made from.</param>
/// <param name="Name">What of it.</param>
/// <param name="Values">A number for each row; of ids the code.</param>
/// <param name="Codes">Of ids: the code and the fitted rows of each; else null.</param>
internal sealed record SurrogateColumn(
    string Feature,
    string Name,
    double[] Values,
    IReadOnlyDictionary<long, (double Code, int Rows)>? Codes
);
