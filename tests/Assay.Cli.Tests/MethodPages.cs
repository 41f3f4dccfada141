using System.Text;
using Assay.Attribution;
using Assay.Attribution.Interactions;

namespace Assay.Cli.Tests;

/// <summary>The head of a method's page, generated from the registry.</summary>
internal static class MethodPages
{
    private const string End = "<!-- end of the generated head -->";

    public static string Head(MethodInfo method)
    {
        var text = new StringBuilder().Append("# ").Append(method.Title).Append("\n\n| | |\n|---|---|\n");
        void Row(string name, string value) =>
            text.Append("| ").Append(name).Append(" | ").Append(value).Append(" |\n");
        Row("name", $"`{method.Id}`");
        Row("source", method.Paper);
        Row("satisfies", string.Join(", ", method.Axioms));
        Row("cost", method.Cost);
        Row(
            "explains",
            InteractionRegistry.All.Contains(method)
                    ? $"sets of features, {(method.PerRow ? "of rows and populations" : "of populations")} (`assay interactions`)"
                : method.Layer != LayerUse.None ? "rows, with `assay explain --layer`"
                : method.PerRow ? "rows (`assay explain`) and populations (`assay study`)"
                : "populations (`assay study`)"
        );
        Row("needs gradient rules", method.NeedsGradient ? "yes" : "no");
        Row(
            "attributions sum to target − baseline target",
            method.Complete ? "yes; the gap is reported" : "not claimed"
        );
        return text.Append('\n').Append(End).Append('\n').ToString();
    }

    /// <summary>The page with a fresh head above what was written by hand.</summary>
    public static string Fresh(MethodInfo method, string page)
    {
        var at = page.IndexOf(End, StringComparison.Ordinal);
        return Head(method) + (at < 0 ? "\n" + page : page[(at + End.Length + 1)..]);
    }
}
