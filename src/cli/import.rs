//! `stoa import`: a catalog from a file.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Failure;
use super::store::StoreChoice;
use crate::config::Config;
use crate::import::{self, ImportReport};

/// What form the file has.
#[derive(Subcommand)]
pub enum Format {
    /// The product export of Shopify. Ends with 0 where every row went in, with 2 where some were bad and
    /// the others went in, with 1 where it did not come to an end.
    ShopifyCsv(File),
}

/// A file, and where it goes.
#[derive(Args)]
pub struct File {
    /// The file.
    file: PathBuf,
    #[command(flatten)]
    store: StoreChoice,
    /// Only try: the same report, and nothing written.
    #[arg(long)]
    dry_run: bool,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
}

/// Imports.
pub async fn run(config: Config, Format::ShopifyCsv(args): Format) -> Result<ExitCode, Failure> {
    let path = args.file.display();
    let unreadable = |cause| Failure::because(&format!("{path} can't be read"), cause);
    let file = std::fs::File::open(&args.file).map_err(unreadable)?;
    let size = file.metadata().map_err(unreadable)?.len();

    let (system, ctx) = args.store.open(config, "import").await?;
    let bar = bar(size);
    let outcome = import::run(&ctx, file, args.dry_run, |progress| {
        bar.set_position(progress.bytes);
        bar.set_message(format!("{} rows", progress.rows));
    })
    .await;
    bar.finish_and_clear();
    system.db.close().await;
    let report = outcome.map_err(|error| Failure::because(&format!("{path} was not imported"), error))?;
    let text = match args.json {
        true => serde_json::to_string_pretty(&report).map_err(|cause| Failure::because("the report", cause))? + "\n",
        false => told(&report),
    };
    // A reader that closed the pipe has read enough.
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
    match &report.stopped {
        Some(why) => Err(Failure(format!("the import did not come to an end: {why}"))),
        None if report.is_whole() => Ok(ExitCode::SUCCESS),
        None => Ok(ExitCode::from(2)),
    }
}

/// A bar on a terminal, and nothing anywhere else.
fn bar(size: u64) -> ProgressBar {
    let target = match std::io::stderr().is_terminal() {
        true => ProgressDrawTarget::stderr(),
        false => ProgressDrawTarget::hidden(),
    };
    let style = ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes} {msg} {eta}");
    ProgressBar::with_draw_target(Some(size), target).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// The report for people.
fn told(report: &ImportReport) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: String| text.push_str(&format!("{name:<10} {value}\n"));
    if report.dry_run {
        line("dry run", "nothing was written".to_owned());
    }
    line("rows", report.rows.to_string());
    line(
        "products",
        format!(
            "{} created, {} updated, {} unchanged, {} failed",
            report.products_created, report.products_updated, report.products_unchanged, report.products_failed
        ),
    );
    line("variants", report.variants.to_string());
    line("images", report.images.to_string());
    if !report.unused_columns.is_empty() {
        line("not used", report.unused_columns.join(", "));
    }
    line("problems", report.problem_count.to_string());
    for problem in &report.problems {
        let handle = problem.handle.as_deref().map(|handle| format!(", {}", printable(handle))).unwrap_or_default();
        let column = problem.column.as_deref().map(|column| format!(", {column}")).unwrap_or_default();
        let skipped = format!("{:?}", problem.skipped).to_lowercase();
        text.push_str(&format!(
            "  line {}{handle}{column}: {} ({skipped} left out)\n",
            problem.line,
            printable(&problem.reason)
        ));
    }
    let more = usize::try_from(report.problem_count).unwrap_or(0).saturating_sub(report.problems.len());
    if more > 0 {
        text.push_str(&format!("  and {more} more\n"));
    }
    text
}

/// A text of the file as a terminal may have it: what is no letter there could steer it.
fn printable(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}
