//! The guard before any parser: one pass over the raw text of a query, one over the JSON of a body.
//!
//! Owns the limits of a request and the refusals. Never parses, never recurses, never repeats any of
//! the text that it reads. To add a limit, add it to `Limits`, a variant to `Refusal`, and a counter
//! to `Guard`.

mod json;
mod limits;
mod refusal;
#[cfg(test)]
mod tests;

pub use json::{scan_body, scan_json_depth};
pub use limits::Limits;
pub use refusal::Refusal;

/// What one pass over a query's text has counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Guard {
    /// Lexical tokens; a string is one, a spread is one.
    pub tokens: usize,
    /// Aliases.
    pub aliases: usize,
    /// Directives.
    pub directives: usize,
    /// Spreads of fragments, inline ones included.
    pub spreads: usize,
    /// Operations.
    pub operations: usize,
    /// Fragment definitions.
    pub fragments: usize,
    open: usize,
    parentheses: usize,
    literal: usize,
    // At the top level a definition begins with a keyword or a brace; what follows are names.
    definition_begun: bool,
}

impl Guard {
    /// Reads `text` once, in linear time and constant memory, and refuses it as soon as one limit is passed.
    ///
    /// It agrees with the parser on where strings and comments end, so nothing can hide in one; whatever
    /// it lets through, the parser can recurse over safely.
    pub fn scan(text: &str, limits: &Limits) -> Result<(), Refusal> {
        Self::count(text, limits).map(|_| ())
    }

    /// Like `scan`, and gives what was counted.
    pub fn count(text: &str, limits: &Limits) -> Result<Self, Refusal> {
        if text.len() > limits.body {
            return Err(Refusal::TextTooLarge { limit: limits.body });
        }
        let bytes = text.as_bytes();
        let mut guard = Self::default();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            at = match byte {
                b' ' | b'\t' | b'\n' | b'\r' | b',' => at + 1,
                b'#' => end_of_comment(bytes, at),
                _ if bytes[at..].starts_with(b"\xef\xbb\xbf") => at + 3,
                _ => {
                    guard.tokens += 1;
                    if guard.tokens > limits.tokens {
                        return Err(Refusal::TooManyTokens { limit: limits.tokens });
                    }
                    guard.token(bytes, at, limits)?
                }
            };
        }
        Ok(guard)
    }

    /// Takes the token that begins at `at`, and gives where the next thing begins.
    fn token(&mut self, bytes: &[u8], at: usize, limits: &Limits) -> Result<usize, Refusal> {
        match bytes[at] {
            b'"' => return end_of_string(bytes, at).ok_or(Refusal::UnterminatedString),
            b'(' | b'{' | b'[' => self.open(bytes[at], limits)?,
            b')' | b'}' | b']' => self.close(bytes[at]),
            b'@' => {
                self.directives += 1;
                if self.directives > limits.directives {
                    return Err(Refusal::TooManyDirectives { limit: limits.directives });
                }
            }
            // Inside parentheses a colon belongs to an argument, an object's field or a variable.
            b':' if self.parentheses == 0 => {
                self.aliases += 1;
                if self.aliases > limits.aliases {
                    return Err(Refusal::TooManyAliases { limit: limits.aliases });
                }
            }
            b'.' if bytes[at..].starts_with(b"...") => {
                self.spreads += 1;
                return Ok(at + 3);
            }
            byte if is_name(byte) => {
                let end = bytes[at..].iter().position(|byte| !is_name(*byte)).map_or(bytes.len(), |length| at + length);
                self.name(&bytes[at..end], limits)?;
                return Ok(end);
            }
            _ => {}
        }
        Ok(at + 1)
    }

    fn open(&mut self, byte: u8, limits: &Limits) -> Result<(), Refusal> {
        if self.open == 0 && byte == b'{' && !self.definition_begun {
            self.operation(limits)?;
        }
        self.definition_begun = true;
        if byte == b'(' {
            self.parentheses += 1;
        } else if byte == b'[' || self.parentheses > 0 {
            self.literal += 1;
            if self.literal > limits.literal_nesting {
                return Err(Refusal::LiteralTooDeep { limit: limits.literal_nesting });
            }
        }
        self.open += 1;
        if self.open > limits.nesting {
            return Err(Refusal::NestedTooDeep { limit: limits.nesting });
        }
        Ok(())
    }

    fn close(&mut self, byte: u8) {
        self.open = self.open.saturating_sub(1);
        if byte == b')' {
            self.parentheses = self.parentheses.saturating_sub(1);
        } else if byte == b']' || self.parentheses > 0 {
            self.literal = self.literal.saturating_sub(1);
        }
        if byte == b'}' && self.open == 0 {
            self.definition_begun = false;
        }
    }

    fn name(&mut self, name: &[u8], limits: &Limits) -> Result<(), Refusal> {
        if self.open == 0 && !self.definition_begun {
            self.definition_begun = true;
            if name == b"fragment" {
                self.fragments += 1;
                if self.fragments > limits.fragments {
                    return Err(Refusal::TooManyFragments { limit: limits.fragments });
                }
            } else {
                self.operation(limits)?;
            }
        }
        Ok(())
    }

    fn operation(&mut self, limits: &Limits) -> Result<(), Refusal> {
        self.operations += 1;
        if self.operations > limits.operations {
            return Err(Refusal::TooManyOperations { limit: limits.operations });
        }
        Ok(())
    }
}

const fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn end_of_comment(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().position(|byte| matches!(byte, b'\n' | b'\r')).map_or(bytes.len(), |length| at + length)
}

/// Where the string that begins at `at` has ended, or `None` where it never does. A block string that is
/// not closed must be refused here: the parser would read its quotes as other strings, and what follows
/// as code.
fn end_of_string(bytes: &[u8], at: usize) -> Option<usize> {
    let block = bytes[at..].starts_with(b"\"\"\"");
    let mut at = at + if block { 3 } else { 1 };
    loop {
        let rest = bytes.get(at..)?;
        match rest.first()? {
            b'"' if !block => return Some(at + 1),
            b'"' if rest.starts_with(b"\"\"\"") => return Some(at + 3),
            b'\n' | b'\r' if !block => return None,
            b'\\' if !block => at += 2,
            b'\\' if rest.starts_with(b"\\\"\"\"") => at += 4,
            _ => at += 1,
        }
    }
}
