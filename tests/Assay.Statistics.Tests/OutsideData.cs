namespace Assay.Statistics.Tests;

/// <summary>Small public data sets that come with R, on which other programs computed what the tests assert.</summary>
internal static class OutsideData
{
    // R's mtcars (Henderson and Velleman 1981), in its order.
    public static readonly double[] Mpg =
    [
        .. Numbers(
            "21 21 22.8 21.4 18.7 18.1 14.3 24.4 22.8 19.2 17.8 16.4 17.3 15.2 10.4 10.4 14.7 32.4 30.4 33.9 21.5 15.5 15.2 13.3 "
                + "19.2 27.3 26 30.4 15.8 19.7 15 21.4"
        ),
    ];

    public static readonly double[] Weight =
    [
        .. Numbers(
            "2.62 2.875 2.32 3.215 3.44 3.46 3.57 3.19 3.15 3.44 3.44 4.07 3.73 3.78 5.25 5.424 5.345 2.2 1.615 1.835 2.465 3.52 "
                + "3.435 3.84 3.845 1.935 2.14 1.513 3.17 2.77 3.57 2.78"
        ),
    ];

    public static readonly double[] Horsepower =
    [
        .. Numbers(
            "110 110 93 110 175 105 245 62 95 123 123 180 180 180 205 215 230 66 52 65 97 150 150 245 175 66 91 113 264 175 335 109"
        ),
    ];

    public static readonly double[] Manual = Digits("11100000000000000111000001111111");

    public static readonly int[] Carburettors = [.. Digits("44112142244333444121122421224682").Select(d => (int)d)];

    public static readonly int[] Gears = [.. Digits("44433334444333333444333334555554").Select(d => (int)d)];

    // R's infert (Trichopoulos et al. 1976): 83 matched sets, each of one case and two controls, the 74th with one control.
    public static readonly double[] Case = [.. Enumerable.Repeat(1.0, 83), .. Enumerable.Repeat(0.0, 165)];

    public static readonly int[] Stratum =
    [
        .. Enumerable.Range(0, 83),
        .. Enumerable.Range(0, 83).Where(s => s != 73),
        .. Enumerable.Range(0, 83),
    ];

    public static readonly double[] Spontaneous = Digits(
        "20001100100100101111102112222010020212012001002002221122021221120112200112211011011000101001101010020100000100021000"
            + "000002000000001001110001000000010101000120000001100020201011102002010000120001100000000100000010000010111000000002"
            + "000200002101110011"
    );

    public static readonly double[] Induced = Digits(
        "11221200001212122020020010001201101001000001010220111000100000001001011000000100200202021020001001100000000000001011"
            + "000020110001012112111111211210000021010000200000020200000100000101111002000002100020002000000001211222010210111010"
            + "102010100110000200"
    );

    private static IEnumerable<double> Numbers(string text) =>
        text.Split(' ').Select(t => double.Parse(t, System.Globalization.CultureInfo.InvariantCulture));

    private static double[] Digits(string text) => [.. text.Select(c => (double)(c - '0'))];
}
