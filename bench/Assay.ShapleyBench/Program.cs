using System.Globalization;
using Assay.ShapleyBench;

// usage: FOLDER (of the real case) groups|features [ROWS] [SEEDS] [MODEL,…]
if (args.Length < 2 || !Directory.Exists(args[0]))
{
    Console.WriteLine("usage: FOLDER groups|features [ROWS] [SEEDS] [MODEL,…]; the folder holds models/ and data/.");
    return 2;
}
var rows = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 16;
var seeds = args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : 4;
var names = args.Length > 4 ? args[4].Split(',') : [.. RealGames.Names(args[0])];
ErrorTable.Write(args[0], names, rows, seeds, grouped: args[1] == "groups");
return 0;
