namespace Assay.Catalogue;

/// <summary>Why the catalogue refuses.</summary>
public enum CatalogueProblem
{
    /// <summary>There is no such row.</summary>
    NotFound,

    /// <summary>Somebody else changed it in between, or it is in a state that does not allow this.</summary>
    Conflict,

    /// <summary>What was asked for makes no sense.</summary>
    Invalid,
}

/// <summary>A request that the catalogue refuses; the message is one line for its user.</summary>
public sealed class CatalogueException : Exception
{
    internal CatalogueException(CatalogueProblem problem, string message, Exception? inner = null)
        : base(message, inner) => Problem = problem;

    /// <summary>Why.</summary>
    public CatalogueProblem Problem { get; }

    internal static CatalogueException NotFound(string what) => new(CatalogueProblem.NotFound, $"There is no {what}.");

    internal static CatalogueException Conflict(string message, Exception? inner = null) =>
        new(CatalogueProblem.Conflict, message, inner);

    internal static CatalogueException Invalid(string message) => new(CatalogueProblem.Invalid, message);
}
