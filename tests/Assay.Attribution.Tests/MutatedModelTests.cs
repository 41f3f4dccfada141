using System.Globalization;
using Assay.Fuzz;

namespace Assay.Attribution.Tests;

/// <summary>A few hundred of the mutated models of <c>bench/Assay.Fuzz</c>, in this process.</summary>
public class MutatedModelTests
{
    private const int Cases = 300;

    // Another seed tries other models: ASSAY_FUZZ_SEED=N.
    private static ulong Seed =>
        ulong.TryParse(
            Environment.GetEnvironmentVariable("ASSAY_FUZZ_SEED"),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var seed
        )
            ? seed
            : 20260707;

    [Fact]
    public void Mutated_models_run_or_are_refused_and_nothing_else_escapes()
    {
        var cases = new Cases(Seed, null);
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed}");
        for (var number = 0; number < Cases; number++)
            Pipeline
                .Run(cases.Make(number))
                .ShouldNotStartWith("escaped", Case.Sensitive, $"case {number} of seed {Seed}");
    }
}
