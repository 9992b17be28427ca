//! The sources of the product, read for the tests that hold something of every file.

use std::path::{Path, PathBuf};

use super::root;

/// One file, without its tests and its comments; lines keep their numbers.
pub struct Source {
    /// From the root of the repository, such as `src/catalog/brands/store.rs`.
    pub path: String,
    pub text: String,
}

impl Source {
    /// The line that a place in the text is on, from 1.
    pub fn line(&self, place: usize) -> usize {
        self.text[..place].matches('\n').count() + 1
    }

    /// The module inside its crate, such as `["catalog", "brands", "store"]`.
    pub fn module(&self) -> Vec<String> {
        let inner = self.path.split_once("src/").map_or(self.path.as_str(), |(_, inner)| inner);
        let inner = inner.trim_end_matches(".rs").trim_end_matches("/mod");
        inner.split('/').filter(|part| !matches!(*part, "lib" | "main")).map(str::to_owned).collect()
    }

    /// Whether it belongs to the root crate.
    pub fn is_root_crate(&self) -> bool {
        self.path.starts_with("src/")
    }
}

/// Every file of the product's crates.
pub fn product() -> Vec<Source> {
    let mut sources = Vec::new();
    for folder in ["src", "rules/src", "entity/src", "migration/src"] {
        for path in files(&root().join(folder)) {
            let name = relative(&path);
            if !name.ends_with("/tests.rs") && !name.contains("/tests/") {
                let text = std::fs::read_to_string(&path).expect("a source file");
                sources.push(Source { text: without_tests_and_comments(&text), path: name });
            }
        }
    }
    sources.sort_by(|one, other| one.path.cmp(&other.path));
    sources
}

/// Every Rust file of the workspace as it is, tests too.
pub fn everything() -> Vec<Source> {
    let folders = ["src", "tests", "rules", "entity", "migration"];
    let paths = folders.iter().flat_map(|folder| files(&root().join(folder)));
    paths
        .map(|path| Source { text: std::fs::read_to_string(&path).expect("a source file"), path: relative(&path) })
        .collect()
}

fn relative(path: &Path) -> String {
    path.strip_prefix(root()).expect("a file of the repository").to_string_lossy().replace('\\', "/")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() {
            if entry.file_name().is_none_or(|name| name != "target") {
                found.extend(files(&entry));
            }
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            found.push(entry);
        }
    }
    found
}

/// Blanks the lines of comments, and of modules under `#[cfg(test)]` up to the brace at their indent.
fn without_tests_and_comments(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.trim() == "#[cfg(test)]" {
            kept.push('\n');
            let indent = line.len() - line.trim_start().len();
            let end = format!("{}}}", " ".repeat(indent));
            for skipped in lines.by_ref() {
                kept.push('\n');
                if skipped == end || (skipped.trim_end().ends_with(';') && !skipped.starts_with("    ")) {
                    break;
                }
            }
            continue;
        }
        let code = if line.trim_start().starts_with("//") { "" } else { line.split(" // ").next().unwrap_or(line) };
        kept.push_str(code);
        kept.push('\n');
    }
    kept
}
