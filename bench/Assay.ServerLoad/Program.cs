using System.Globalization;
using Assay.ServerLoad;

// make FOLDER [ROWS]: a study of 39 features and 200 segments (1,000,000 rows).
// load URL TOKEN [READERS [SECONDS]]: reads all views of all runs that a server has, as one and as many.
return args switch
{
    ["make", var folder] => BigStudy.Make(folder, 1_000_000),
    ["make", var folder, var rows] => BigStudy.Make(folder, int.Parse(rows, CultureInfo.InvariantCulture)),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: make FOLDER [ROWS] | load URL TOKEN [READERS [SECONDS]]");
    return 2;
}
