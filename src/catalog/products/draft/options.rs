//! What a buyer chooses by.

use rules::{ErrorCode, Problem, Problems};

use super::{Checked, MAX_LINE, MAX_OPTIONS, MAX_VALUES, fits};
use crate::kernel::{input, text};

/// One thing that a buyer chooses by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OptionDraft {
    /// Such as `Size`.
    pub name: String,
    /// The answers, in their order.
    pub values: Vec<String>,
}

/// Reads options.
///
/// # Errors
/// Every problem, at the paths of `productOptionsSet`.
pub fn check_options(options: Vec<OptionDraft>) -> Result<Checked<Vec<OptionDraft>>, Vec<Problem>> {
    let mut problems = Problems::new();
    let options = read_options(options, &mut problems);
    problems.finish()?;
    Ok(Checked(options))
}

pub(super) fn read_options(options: Vec<OptionDraft>, problems: &mut Problems) -> Vec<OptionDraft> {
    if !fits(options.len(), MAX_OPTIONS, "options", problems) {
        return Vec::new();
    }
    let mut names = std::collections::BTreeSet::new();
    let mut read = Vec::with_capacity(options.len());
    for (index, option) in options.into_iter().enumerate() {
        let path = format!("options.{index}.name");
        let Some(name) = problems.keep(input::line(&path, &option.name, 1, MAX_LINE)) else { continue };
        if !names.insert(text::fold(&name)) {
            problems.add(ErrorCode::Duplicate, &path, "Another option has this name: give each its own.");
        }
        let path = format!("options.{index}.values");
        if option.values.is_empty() {
            problems.add(ErrorCode::Required, &path, "Give at least one value.");
        }
        if !fits(option.values.len(), MAX_VALUES, &path, problems) {
            continue;
        }
        let mut seen = std::collections::BTreeSet::new();
        let mut values = Vec::with_capacity(option.values.len());
        for (index, value) in option.values.iter().enumerate() {
            let path = format!("{path}.{index}");
            let Some(value) = problems.keep(input::line(&path, value, 1, MAX_LINE)) else { continue };
            if !seen.insert(text::fold(&value)) {
                problems.add(ErrorCode::Duplicate, &path, "The option has this value already: give each once.");
            }
            values.push(value);
        }
        read.push(OptionDraft { name, values });
    }
    read
}
