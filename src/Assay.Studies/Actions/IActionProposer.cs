namespace Assay.Studies;

/// <summary>Proposes actions of one kind. One file each in Proposers/, one line in <see cref="ActionMaker.Proposers"/>.</summary>
internal interface IActionProposer
{
    /// <summary>What it proposes, in the order of findings or features.</summary>
    IEnumerable<ActionDraft> Of(ActionContext context);
}

/// <summary>What a proposer has to say; <see cref="ActionMaker"/> grades, prices, sizes and orders it.</summary>
internal sealed record ActionDraft
{
    public required ActionKind Kind { get; init; }

    /// <summary>What makes the id unique within the kind.</summary>
    public required string Of { get; init; }

    /// <summary>What to do, as a request without a full stop.</summary>
    public required string Title { get; init; }

    public required IReadOnlyList<Cited> Evidence { get; init; }
    public required ActionWeight Cost { get; init; }
    public required ActionWeight Risk { get; init; }

    /// <summary>What to do first, a sentence.</summary>
    public required string First { get; init; }

    /// <summary>What the treated arm gets, as a clause behind "gets".</summary>
    public required string Change { get; init; }

    /// <summary>What to compare on logged rows before, as a sentence; null: nothing can be.</summary>
    public string? Offline { get; init; }

    public IReadOnlyList<string> Features { get; init; } = [];
    public string Dimension { get; init; } = SegmentBuilder.Overall;
    public IReadOnlyList<string> Segments { get; init; } = [SegmentBuilder.All];

    /// <summary>The segments as people call them; null: as they are named.</summary>
    public IReadOnlyList<string>? Labels { get; init; }
    public ExpectedEffect? Effect { get; init; }
    public ServingSavings? Savings { get; init; }

    /// <summary>Whether it comes before what promises gains.</summary>
    public bool IsSafeguard { get; init; }

    /// <summary>Whether the experiment must show that nothing is lost, instead of a gain.</summary>
    public bool NothingMayBeLost { get; init; }

    /// <summary>Guardrails besides those of all experiments.</summary>
    public IReadOnlyList<string> Guardrails { get; init; } = [];

    /// <summary>A step without which it is never more than a question, whatever the grades; null: none.</summary>
    public string? MissingStep { get; init; }
}
