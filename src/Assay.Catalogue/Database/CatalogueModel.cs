using Microsoft.EntityFrameworkCore;

namespace Assay.Catalogue;

/// <summary>Tables, keys and relations. Nothing is deleted by deleting something else.</summary>
internal static class CatalogueModel
{
    public static void Build(ModelBuilder model)
    {
        Studies(model);
        Items(model);
        Discussion(model);
        People(model);
        Work(model);
        model.Entity<AuditEntry>(e =>
        {
            e.ToTable("audit").HasKey(a => a.Number);
            e.Property(a => a.Number).ValueGeneratedNever();
            e.HasIndex(a => a.Subject);
        });
        foreach (var key in model.Model.GetEntityTypes().SelectMany(e => e.GetForeignKeys()))
            key.DeleteBehavior = DeleteBehavior.Restrict;
    }

    private static void Studies(ModelBuilder model)
    {
        model.Entity<Model>(e => e.ToTable("models").HasIndex(m => m.Name).IsUnique());
        model.Entity<ModelVersion>(e =>
        {
            e.ToTable("model_versions").HasIndex(v => new { v.ModelId, v.Sha256 }).IsUnique();
            e.HasIndex(v => new { v.ModelId, v.Number }).IsUnique();
        });
        model.Entity<FeatureEntry>(e =>
        {
            e.ToTable("features").HasKey(f => new { f.ModelId, f.Name });
            e.HasOne<Model>().WithMany().HasForeignKey(f => f.ModelId);
        });
        model.Entity<Study>(e => e.ToTable("studies").HasIndex(s => s.Name).IsUnique());
        model.Entity<Run>(e =>
        {
            e.ToTable("runs").HasIndex(r => r.Created);
            e.HasIndex(r => r.Folder);
            e.HasOne<Run>().WithMany().HasForeignKey(r => r.PreviousRunId);
        });
    }

    private static void Items(ModelBuilder model)
    {
        model.Entity<RunItem>(e =>
        {
            e.ToTable("items")
                .HasKey(i => new
                {
                    i.RunId,
                    i.Subject,
                    i.ItemId,
                });
            e.Property(i => i.Subject).HasConversion<string>();
            e.Property(i => i.Words);
            e.HasOne<Run>().WithMany().HasForeignKey(i => i.RunId);
        });
        model.Entity<ItemState>(e =>
        {
            e.ToTable("item_states")
                .HasKey(s => new
                {
                    s.RunId,
                    s.Subject,
                    s.ItemId,
                });
            e.Property(s => s.Subject).HasConversion<string>();
            e.Property(s => s.Status).HasConversion<string>();
            e.Property(s => s.Version).IsConcurrencyToken();
            e.HasOne<RunItem>()
                .WithOne()
                .HasForeignKey<ItemState>(s => new
                {
                    s.RunId,
                    s.Subject,
                    s.ItemId,
                });
        });
    }

    private static void Discussion(ModelBuilder model)
    {
        model.Entity<Hypothesis>(e =>
        {
            e.ToTable("hypotheses").HasIndex(h => new { h.RunId, h.Ordinal }).IsUnique();
            e.HasOne<Run>().WithMany().HasForeignKey(h => h.RunId);
        });
        model.Entity<Comment>(e =>
        {
            e.ToTable("comments")
                .HasIndex(c => new
                {
                    c.RunId,
                    c.SubjectKind,
                    c.SubjectId,
                });
            e.HasOne<Run>().WithMany().HasForeignKey(c => c.RunId);
        });
        model.Entity<Decision>(e =>
        {
            e.ToTable("decisions")
                .HasIndex(d => new
                {
                    d.RunId,
                    d.SubjectKind,
                    d.SubjectId,
                });
            e.HasOne<Run>().WithMany().HasForeignKey(d => d.RunId);
        });
    }

    private static void People(ModelBuilder model)
    {
        model.Entity<User>(e =>
        {
            e.ToTable("users").HasKey(u => u.Subject);
            e.Property(u => u.Role).HasConversion<string>();
            e.Property(u => u.Version).IsConcurrencyToken();
        });
        model.Entity<ApiKey>(e =>
        {
            e.ToTable("keys").HasIndex(k => k.Prefix).IsUnique();
            e.Property(k => k.Hash);
            e.Property(k => k.Salt);
            e.Property(k => k.Ceiling).HasConversion<string>();
            e.HasOne<User>().WithMany().HasForeignKey(k => k.Owner);
        });
    }

    private static void Work(ModelBuilder model)
    {
        model.Entity<Job>(e =>
        {
            e.ToTable("jobs").HasIndex(j => j.State);
            e.Property(j => j.State).HasConversion<string>();
            e.Property(j => j.Version).IsConcurrencyToken();
            e.HasOne<Run>().WithMany().HasForeignKey(j => j.RunId);
        });
        model.Entity<Upload>(e =>
        {
            e.ToTable("uploads").HasIndex(u => u.Sha256);
            e.Property(u => u.State).HasConversion<string>();
            e.Property(u => u.Version).IsConcurrencyToken();
        });
    }
}
