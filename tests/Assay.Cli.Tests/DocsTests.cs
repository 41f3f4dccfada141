using System.Text.RegularExpressions;
using Assay.Attribution;
using Assay.Attribution.Interactions;

namespace Assay.Cli.Tests;

/// <summary>What is written about the code agrees with the code.</summary>
public partial class DocsTests
{
    private static IEnumerable<MethodInfo> All => MethodRegistry.All.Concat(InteractionRegistry.All);

    public static TheoryData<string> Methods => [.. All.Select(m => m.Id)];

    [Theory]
    [MemberData(nameof(Methods))]
    public void Every_method_has_a_page_whose_head_is_the_registry_s(string id)
    {
        var path = Checkout.Path("docs", "methods", id + ".md");
        var page = Checkout.Text(path);
        page.ShouldNotBeEmpty($"{path} is missing: write what the formula is, when to use it and when not.");
        Checkout.ShouldBeFresh(path, MethodPages.Fresh(All.Single(m => m.Id == id), page));
        foreach (var section in (string[])["## Formula", "## When to use it", "## When not"])
            page.ShouldContain(section, Case.Sensitive);
    }

    [Fact]
    public void Every_page_is_of_a_method() =>
        Directory
            .GetFiles(Checkout.Path("docs", "methods"), "*.md")
            .Select(Path.GetFileNameWithoutExtension)
            .Where(n => n != "README")
            .ShouldBeSubsetOf(All.Select(m => m.Id));

    [Fact]
    public void Links_between_documents_lead_somewhere()
    {
        var files = Directory
            .GetFiles(Checkout.Path("docs"), "*.md", SearchOption.AllDirectories)
            .Append(Checkout.Path("README.md"))
            .Append(Checkout.Path("CONTRIBUTING.md"));
        foreach (var file in files)
        foreach (Match link in Link().Matches(File.ReadAllText(file)))
        {
            var target = Path.Combine(Path.GetDirectoryName(file)!, link.Groups[1].Value);
            (File.Exists(target) || Directory.Exists(target)).ShouldBeTrue($"{file} links to {link.Groups[1].Value}");
        }
    }

    [Fact]
    public void Every_command_has_help_with_an_example()
    {
        foreach (var command in Commands())
        {
            var help = Workspace.Run(command, "--help").ShouldSucceed();
            help.ShouldContain($"  assay {command}", Case.Sensitive);
            help.ShouldContain("Examples:", Case.Sensitive);
        }
    }

    private static IEnumerable<string> Commands()
    {
        var lines = Workspace.Run("--help").ShouldSucceed().Split('\n');
        return lines
            .SkipWhile(l => !l.StartsWith("Commands:", StringComparison.Ordinal))
            .Skip(1)
            .TakeWhile(l => l.StartsWith("  ", StringComparison.Ordinal))
            .Select(l => l.Trim().Split(' ')[0])
            .Where(c => c.Length > 0);
    }

    [GeneratedRegex(@"\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)")]
    private static partial Regex Link();
}
