using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Assay.Catalogue.Migrations.Sqlite
{
    /// <inheritdoc />
    internal sealed partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "audit",
                columns: table => new
                {
                    number = table.Column<long>(type: "INTEGER", nullable: false),
                    at = table.Column<string>(type: "TEXT", nullable: false),
                    actor = table.Column<string>(type: "TEXT", nullable: false),
                    action = table.Column<string>(type: "TEXT", nullable: false),
                    subject = table.Column<string>(type: "TEXT", nullable: false),
                    before = table.Column<string>(type: "TEXT", nullable: true),
                    after = table.Column<string>(type: "TEXT", nullable: true),
                    previous_hash = table.Column<string>(type: "TEXT", nullable: false),
                    hash = table.Column<string>(type: "TEXT", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_audit", x => x.number);
                }
            );

            migrationBuilder.CreateTable(
                name: "models",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false).Annotation("Sqlite:Autoincrement", true),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_models", x => x.id);
                }
            );

            migrationBuilder.CreateTable(
                name: "studies",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false).Annotation("Sqlite:Autoincrement", true),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_studies", x => x.id);
                }
            );

            migrationBuilder.CreateTable(
                name: "users",
                columns: table => new
                {
                    subject = table.Column<string>(type: "TEXT", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    role = table.Column<string>(type: "TEXT", nullable: false),
                    is_disabled = table.Column<bool>(type: "INTEGER", nullable: false),
                    created = table.Column<string>(type: "TEXT", nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_users", x => x.subject);
                }
            );

            migrationBuilder.CreateTable(
                name: "features",
                columns: table => new
                {
                    model_id = table.Column<long>(type: "INTEGER", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    display_name = table.Column<string>(type: "TEXT", nullable: false),
                    group = table.Column<string>(type: "TEXT", nullable: true),
                    kind = table.Column<string>(type: "TEXT", nullable: true),
                    owner = table.Column<string>(type: "TEXT", nullable: true),
                    description = table.Column<string>(type: "TEXT", nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_features", x => new { x.model_id, x.name });
                    table.ForeignKey(
                        name: "FK_features_models_model_id",
                        column: x => x.model_id,
                        principalTable: "models",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict
                    );
                }
            );

            migrationBuilder.CreateTable(
                name: "model_versions",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false).Annotation("Sqlite:Autoincrement", true),
                    model_id = table.Column<long>(type: "INTEGER", nullable: false),
                    number = table.Column<int>(type: "INTEGER", nullable: false),
                    sha256 = table.Column<string>(type: "TEXT", nullable: false),
                    seen = table.Column<string>(type: "TEXT", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_model_versions", x => x.id);
                    table.ForeignKey(
                        name: "FK_model_versions_models_model_id",
                        column: x => x.model_id,
                        principalTable: "models",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict
                    );
                }
            );

            migrationBuilder.CreateTable(
                name: "keys",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false).Annotation("Sqlite:Autoincrement", true),
                    prefix = table.Column<string>(type: "TEXT", nullable: false),
                    hash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    salt = table.Column<byte[]>(type: "BLOB", nullable: false),
                    owner = table.Column<string>(type: "TEXT", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    scopes = table.Column<string>(type: "TEXT", nullable: false),
                    ceiling = table.Column<string>(type: "TEXT", nullable: false),
                    created = table.Column<string>(type: "TEXT", nullable: false),
                    expires = table.Column<string>(type: "TEXT", nullable: false),
                    revoked = table.Column<string>(type: "TEXT", nullable: true),
                    last_used = table.Column<string>(type: "TEXT", nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_keys", x => x.id);
                    table.ForeignKey(
                        name: "FK_keys_users_owner",
                        column: x => x.owner,
                        principalTable: "users",
                        principalColumn: "subject",
                        onDelete: ReferentialAction.Restrict
                    );
                }
            );

            migrationBuilder.CreateTable(
                name: "runs",
                columns: table => new
                {
                    id = table.Column<string>(type: "TEXT", nullable: false),
                    sha256 = table.Column<string>(type: "TEXT", nullable: false),
                    plan_sha256 = table.Column<string>(type: "TEXT", nullable: false),
                    folder = table.Column<string>(type: "TEXT", nullable: false),
                    study_id = table.Column<long>(type: "INTEGER", nullable: false),
                    model_version_id = table.Column<long>(type: "INTEGER", nullable: false),
                    head = table.Column<string>(type: "TEXT", nullable: false),
                    purpose = table.Column<string>(type: "TEXT", nullable: true),
                    software_version = table.Column<string>(type: "TEXT", nullable: false),
                    created = table.Column<string>(type: "TEXT", nullable: false),
                    imported = table.Column<string>(type: "TEXT", nullable: false),
                    imported_by = table.Column<string>(type: "TEXT", nullable: false),
                    headline = table.Column<string>(type: "TEXT", nullable: false),
                    grade_a = table.Column<int>(type: "INTEGER", nullable: false),
                    grade_b = table.Column<int>(type: "INTEGER", nullable: false),
                    grade_c = table.Column<int>(type: "INTEGER", nullable: false),
                    grade_d = table.Column<int>(type: "INTEGER", nullable: false),
                    actions = table.Column<int>(type: "INTEGER", nullable: false),
                    previous_run_id = table.Column<string>(type: "TEXT", nullable: true),
                    stale_reason = table.Column<string>(type: "TEXT", nullable: true),
                    stale_after = table.Column<string>(type: "TEXT", nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_runs", x => x.id);
                    table.ForeignKey(
                        name: "FK_runs_model_versions_model_version_id",
                        column: x => x.model_version_id,
                        principalTable: "model_versions",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict
                    );
                    table.ForeignKey(
                        name: "FK_runs_runs_previous_run_id",
                        column: x => x.previous_run_id,
                        principalTable: "runs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict
                    );
                    table.ForeignKey(
                        name: "FK_runs_studies_study_id",
                        column: x => x.study_id,
                        principalTable: "studies",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict
                    );
                }
            );

            migrationBuilder.CreateTable(
                name: "comments",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false).Annotation("Sqlite:Autoincrement", true),
                    subject_kind = table.Column<string>(type: "TEXT", nullable: false),
                    run_id = table.Column<string>(type: "TEXT", nullable: false),
                    subject_id = table.Column<string>(type: "TEXT", nullable: false),
                    by = table.Column<string>(type: "TEXT", nullable: false),
                    at = table.Column<string>(type: "TEXT", nullable: false),
                    text = table.Column<string>(type: "TEXT", nullable: false),
                    mentions = table.Column<string>(type: "TEXT", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_comments", x => x.id);
                    table.ForeignKey(
                        name: "FK_comments_runs_run_id",
                        column: x => x.run_id,
                        principalTable: "runs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict
                    );
                }
            );

            migrationBuilder.CreateTable(
                name: "decisions",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false).Annotation("Sqlite:Autoincrement", true),
                    subject_kind = table.Column<string>(type: "TEXT", nullable: false),
                    run_id = table.Column<string>(type: "TEXT", nullable: false),
                    subject_id = table.Column<string>(type: "TEXT", nullable: false),
                    choice = table.Column<string>(type: "TEXT", nullable: false),
                    reason = table.Column<string>(type: "TEXT", nullable: false),
                    by = table.Column<string>(type: "TEXT", nullable: false),
                    at = table.Column<string>(type: "TEXT", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_decisions", x => x.id);
                    table.ForeignKey(
                        name: "FK_decisions_runs_run_id",
                        column: x => x.run_id,
                        principalTable: "runs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict
                    );
                }
            );

            migrationBuilder.CreateTable(
                name: "hypotheses",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false).Annotation("Sqlite:Autoincrement", true),
                    run_id = table.Column<string>(type: "TEXT", nullable: false),
                    ordinal = table.Column<int>(type: "INTEGER", nullable: true),
                    feature = table.Column<string>(type: "TEXT", nullable: true),
                    expected = table.Column<string>(type: "TEXT", nullable: false),
                    reason = table.Column<string>(type: "TEXT", nullable: true),
                    author = table.Column<string>(type: "TEXT", nullable: true),
                    verdict = table.Column<string>(type: "TEXT", nullable: true),
                    grade = table.Column<string>(type: "TEXT", nullable: true),
                    because = table.Column<string>(type: "TEXT", nullable: true),
                    json = table.Column<string>(type: "TEXT", nullable: true),
                    at = table.Column<string>(type: "TEXT", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_hypotheses", x => x.id);
                    table.ForeignKey(
                        name: "FK_hypotheses_runs_run_id",
                        column: x => x.run_id,
                        principalTable: "runs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict
                    );
                }
            );

            migrationBuilder.CreateTable(
                name: "items",
                columns: table => new
                {
                    run_id = table.Column<string>(type: "TEXT", nullable: false),
                    subject = table.Column<string>(type: "TEXT", nullable: false),
                    item_id = table.Column<string>(type: "TEXT", nullable: false),
                    ordinal = table.Column<int>(type: "INTEGER", nullable: false),
                    kind = table.Column<string>(type: "TEXT", nullable: false),
                    grade = table.Column<string>(type: "TEXT", nullable: false),
                    tier = table.Column<string>(type: "TEXT", nullable: true),
                    title = table.Column<string>(type: "TEXT", nullable: false),
                    how_sure = table.Column<string>(type: "TEXT", nullable: false),
                    for_whom = table.Column<string>(type: "TEXT", nullable: false),
                    what_could_be_wrong = table.Column<string>(type: "TEXT", nullable: false),
                    what_to_do = table.Column<string>(type: "TEXT", nullable: false),
                    features = table.Column<string>(type: "TEXT", nullable: false),
                    dimension = table.Column<string>(type: "TEXT", nullable: true),
                    segment = table.Column<string>(type: "TEXT", nullable: true),
                    segment_label = table.Column<string>(type: "TEXT", nullable: true),
                    unit = table.Column<string>(type: "TEXT", nullable: true),
                    method = table.Column<string>(type: "TEXT", nullable: true),
                    value = table.Column<double>(type: "REAL", nullable: true),
                    low = table.Column<double>(type: "REAL", nullable: true),
                    high = table.Column<double>(type: "REAL", nullable: true),
                    money = table.Column<double>(type: "REAL", nullable: true),
                    money_low = table.Column<double>(type: "REAL", nullable: true),
                    money_high = table.Column<double>(type: "REAL", nullable: true),
                    currency = table.Column<string>(type: "TEXT", nullable: true),
                    json = table.Column<string>(type: "TEXT", nullable: false),
                    words = table.Column<string>(type: "TEXT", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey(
                        "PK_items",
                        x => new
                        {
                            x.run_id,
                            x.subject,
                            x.item_id,
                        }
                    );
                    table.ForeignKey(
                        name: "FK_items_runs_run_id",
                        column: x => x.run_id,
                        principalTable: "runs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict
                    );
                }
            );

            migrationBuilder.CreateTable(
                name: "item_states",
                columns: table => new
                {
                    run_id = table.Column<string>(type: "TEXT", nullable: false),
                    subject = table.Column<string>(type: "TEXT", nullable: false),
                    item_id = table.Column<string>(type: "TEXT", nullable: false),
                    status = table.Column<string>(type: "TEXT", nullable: false),
                    assignee = table.Column<string>(type: "TEXT", nullable: true),
                    snoozed_until = table.Column<string>(type: "TEXT", nullable: true),
                    changed_by = table.Column<string>(type: "TEXT", nullable: false),
                    changed_at = table.Column<string>(type: "TEXT", nullable: false),
                    carried_from = table.Column<string>(type: "TEXT", nullable: true),
                    version = table.Column<int>(type: "INTEGER", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey(
                        "PK_item_states",
                        x => new
                        {
                            x.run_id,
                            x.subject,
                            x.item_id,
                        }
                    );
                    table.ForeignKey(
                        name: "FK_item_states_items_run_id_subject_item_id",
                        columns: x => new
                        {
                            x.run_id,
                            x.subject,
                            x.item_id,
                        },
                        principalTable: "items",
                        principalColumns: new[] { "run_id", "subject", "item_id" },
                        onDelete: ReferentialAction.Restrict
                    );
                }
            );

            migrationBuilder.CreateIndex(name: "IX_audit_subject", table: "audit", column: "subject");

            migrationBuilder.CreateIndex(
                name: "IX_comments_run_id_subject_kind_subject_id",
                table: "comments",
                columns: new[] { "run_id", "subject_kind", "subject_id" }
            );

            migrationBuilder.CreateIndex(
                name: "IX_decisions_run_id_subject_kind_subject_id",
                table: "decisions",
                columns: new[] { "run_id", "subject_kind", "subject_id" }
            );

            migrationBuilder.CreateIndex(
                name: "IX_hypotheses_run_id_ordinal",
                table: "hypotheses",
                columns: new[] { "run_id", "ordinal" },
                unique: true
            );

            migrationBuilder.CreateIndex(name: "IX_keys_owner", table: "keys", column: "owner");

            migrationBuilder.CreateIndex(name: "IX_keys_prefix", table: "keys", column: "prefix", unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_model_versions_model_id_number",
                table: "model_versions",
                columns: new[] { "model_id", "number" },
                unique: true
            );

            migrationBuilder.CreateIndex(
                name: "IX_model_versions_model_id_sha256",
                table: "model_versions",
                columns: new[] { "model_id", "sha256" },
                unique: true
            );

            migrationBuilder.CreateIndex(name: "IX_models_name", table: "models", column: "name", unique: true);

            migrationBuilder.CreateIndex(name: "IX_runs_created", table: "runs", column: "created");

            migrationBuilder.CreateIndex(name: "IX_runs_folder", table: "runs", column: "folder");

            migrationBuilder.CreateIndex(name: "IX_runs_model_version_id", table: "runs", column: "model_version_id");

            migrationBuilder.CreateIndex(name: "IX_runs_previous_run_id", table: "runs", column: "previous_run_id");

            migrationBuilder.CreateIndex(name: "IX_runs_study_id", table: "runs", column: "study_id");

            migrationBuilder.CreateIndex(name: "IX_studies_name", table: "studies", column: "name", unique: true);

            migrationBuilder.Sql(
                "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;"
            );
            migrationBuilder.Sql(
                "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;"
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "audit");

            migrationBuilder.DropTable(name: "comments");

            migrationBuilder.DropTable(name: "decisions");

            migrationBuilder.DropTable(name: "features");

            migrationBuilder.DropTable(name: "hypotheses");

            migrationBuilder.DropTable(name: "item_states");

            migrationBuilder.DropTable(name: "keys");

            migrationBuilder.DropTable(name: "items");

            migrationBuilder.DropTable(name: "users");

            migrationBuilder.DropTable(name: "runs");

            migrationBuilder.DropTable(name: "model_versions");

            migrationBuilder.DropTable(name: "studies");

            migrationBuilder.DropTable(name: "models");
        }
    }
}
