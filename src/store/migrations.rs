//! The files that make the tables, each one statement, in order. Each runs once and is never edited afterwards.

macro_rules! migrations {
    ($($name:literal),* $(,)?) => {
        /// Name and statement of each file, in the order of their numbers.
        pub const MIGRATIONS: &[(&str, &str)] = &[$(($name, include_str!(concat!("migrations/", $name, ".sql")))),*];
    };
}

migrations![
    "0001_create_database",
    "0002_create_schema_migrations",
    "0003_create_events",
    "0004_create_cases",
    "0005_create_quarantine",
    "0006_create_mart",
    "0007_index_cases_by_time",
    "0011_pack_times_of_cases",
    "0012_create_rebuilds",
    "0016_create_editions",
    "0017_create_edition_figures",
    "0018_create_edition_verdicts",
    "0019_create_edition_seals",
    "0021_create_topics",
    "0022_create_gaps",
    "0023_create_behind",
    "0024_create_verifications",
    "0026_create_swept",
    "0027_answered_cases",
    "0028_pauses_of_cases",
    "0032_create_views",
    "0033_index_cases_by_lists",
    "0034_note_of_quarantine",
    "0035_create_alerts",
    "0036_create_alerts_reached",
    "0037_index_cases_by_ingestion",
];

/// Of former releases: views, which are definitions now (`views`). A schema that has them is not newer than this program.
pub(super) const RETIRED: &[&str] = &[
    "0008_create_mart_cases",
    "0009_create_mart_events",
    "0010_create_mart_cases_at",
    "0013_create_mart_kpi_flags",
    "0014_create_mart_kpi_clocks",
    "0015_create_mart_kpi_assignments",
    "0020_create_mart_kpi_checks",
    "0029_mart_cases_with_pauses",
    "0030_mart_cases_at_with_answers",
    "0031_mart_kpi_flags_with_answers",
];

/// The files that make the table of applied files; they run before it can be asked.
pub(super) const BEFORE_THE_BOOK: usize = 2;
pub(super) const BOOK: &str = "schema_migrations";
