using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Assay.Catalogue;

/// <summary>The one model of the catalogue; a context per database derives from it for its migrations.</summary>
internal abstract partial class CatalogueContext(DbContextOptions options) : DbContext(options)
{
    public DbSet<Model> Models => Set<Model>();
    public DbSet<ModelVersion> ModelVersions => Set<ModelVersion>();
    public DbSet<FeatureEntry> Features => Set<FeatureEntry>();
    public DbSet<Study> Studies => Set<Study>();
    public DbSet<Run> Runs => Set<Run>();
    public DbSet<RunItem> Items => Set<RunItem>();
    public DbSet<ItemState> States => Set<ItemState>();
    public DbSet<Hypothesis> Hypotheses => Set<Hypothesis>();
    public DbSet<Comment> Comments => Set<Comment>();
    public DbSet<Decision> Decisions => Set<Decision>();
    public DbSet<User> Users => Set<User>();
    public DbSet<ApiKey> Keys => Set<ApiKey>();
    public DbSet<Job> Jobs => Set<Job>();
    public DbSet<Upload> Uploads => Set<Upload>();
    public DbSet<AuditEntry> Audit => Set<AuditEntry>();

    /// <summary>Set by the one place that writes: it appends the audit trail in the same transaction.</summary>
    public bool MayWrite { get; set; }

    public override int SaveChanges(bool acceptAllChangesOnSuccess)
    {
        Guard();
        return base.SaveChanges(acceptAllChangesOnSuccess);
    }

    public override Task<int> SaveChangesAsync(
        bool acceptAllChangesOnSuccess,
        CancellationToken cancellationToken = default
    )
    {
        Guard();
        return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        CatalogueModel.Build(modelBuilder);
        foreach (var entity in modelBuilder.Model.GetEntityTypes())
        foreach (var property in entity.GetProperties())
            property.SetColumnName(Capital().Replace(property.Name, "_$0").ToLowerInvariant());
    }

    private void Guard()
    {
        if (!MayWrite)
            throw new InvalidOperationException("The catalogue is written through CatalogueDatabase.WriteAsync only.");
        if (ChangeTracker.Entries<AuditEntry>().Any(e => e.State is EntityState.Modified or EntityState.Deleted))
            throw new InvalidOperationException("The audit trail is append-only.");
    }

    [GeneratedRegex("(?<=[a-z0-9])[A-Z]")]
    private static partial Regex Capital();
}

internal sealed class SqliteCatalogue(DbContextOptions<SqliteCatalogue> options) : CatalogueContext(options)
{
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<TimeAsText>();
}

internal sealed class PostgresCatalogue(DbContextOptions<PostgresCatalogue> options) : CatalogueContext(options)
{
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<TimeAsUtc>();
}

// What `dotnet ef migrations add` opens; no database is needed for it.
internal sealed class SqliteDesign : IDesignTimeDbContextFactory<SqliteCatalogue>
{
    public SqliteCatalogue CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqliteCatalogue>().UseSqlite("Data Source=:memory:").Options);
}

internal sealed class PostgresDesign : IDesignTimeDbContextFactory<PostgresCatalogue>
{
    public PostgresCatalogue CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgresCatalogue>().UseNpgsql("Host=localhost").Options);
}
