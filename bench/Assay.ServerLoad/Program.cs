using System.Globalization;
using Assay.ServerLoad;

// make FOLDER [ROWS]: a study of 39 features and 200 segments (1,000,000 rows).
// load URL KEY [READERS SECONDS]: reads all views of all runs that a server has, alone and at once, by an API key.
return args switch
{
    ["make", var folder] => BigStudy.Make(folder, 1_000_000),
    ["make", var folder, var rows] => BigStudy.Make(folder, int.Parse(rows, CultureInfo.InvariantCulture)),
    ["load", var url, var key] => await new Readers(new Uri(url), key).RunAsync(50, 60),
    ["load", var url, var key, var readers, var seconds] => await new Readers(new Uri(url), key).RunAsync(
        int.Parse(readers, CultureInfo.InvariantCulture),
        int.Parse(seconds, CultureInfo.InvariantCulture)
    ),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: make FOLDER [ROWS] | load URL KEY [READERS SECONDS]");
    return 2;
}
