using Assay.Attribution;

namespace Assay.Studies;

/// <summary>Why a study uses a method.</summary>
internal static class CardMethods
{
    public static CardMethod Of(MethodInfo method) =>
        new(method.Id, method.Title, method.Paper, Why(method), method.Axioms, method.Cost);

    private static string Why(MethodInfo method) =>
        method.Id switch
        {
            Exchange.Permutation => "what this model loses when a feature's values no longer belong to their rows",
            Exchange.Conditional => "what a feature adds to all the others",
            Exchange.Taylor => "what permutation would show, to first order, in one pass over the data",
            Exchange.Sage => "how credit for the model's quality is shared among features that go together",
            _ when method.Complete =>
                "how much of each row's score each feature makes up, so that the shares sum to it",
            _ when method.PerRow => "which features each row's score depends on",
            _ => "how much the model as a whole depends on a feature",
        };
}
