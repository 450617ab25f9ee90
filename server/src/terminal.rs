//! What the command line says: results on standard output, everything else on standard error. Colours and progress appear on a terminal
//! only, and what a database calls its things can never steer the terminal.

use lockstep::problem::Problem;
use std::io::{self, IsTerminal, Write};

/// Escapes what a terminal would obey or hide: control characters, direction overrides, zero-width characters. Line breaks and tabs stay
/// only in text that has lines, such as SQL.
pub fn plain(text: &str, lines: bool) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        let kept = lines && matches!(c, '\n' | '\t');
        let steers = c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
        if steers && !kept {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    shown
}

#[derive(Clone, Copy)]
pub enum Colour {
    Red,
    Yellow,
    Green,
    Dim,
}

impl Colour {
    fn code(self) -> &'static str {
        match self {
            Self::Red => "\u{1b}[31m",
            Self::Yellow => "\u{1b}[33m",
            Self::Green => "\u{1b}[32m",
            Self::Dim => "\u{1b}[2m",
        }
    }
}

fn coloured(stream_is_terminal: bool) -> bool {
    stream_is_terminal
        && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

fn paint(colour: Colour, text: &str, stream_is_terminal: bool) -> String {
    if coloured(stream_is_terminal) { format!("{}{text}\u{1b}[0m", colour.code()) } else { text.to_owned() }
}

/// For standard output.
pub fn out_painted(colour: Colour, text: &str) -> String {
    paint(colour, text, io::stdout().is_terminal())
}

/// Writes a result. A reader that has gone away (`| head`) is no error.
pub fn out(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// Writes a line to standard error; a closed one is nobody's loss.
pub fn say(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", plain(text, true));
}

/// The same in a colour.
pub fn say_painted(colour: Colour, text: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", paint(colour, &plain(text, true), io::stderr().is_terminal()));
}

pub fn warn(text: &str) {
    let label = paint(Colour::Yellow, "warning:", io::stderr().is_terminal());
    let _ = writeln!(io::stderr().lock(), "{label} {}", plain(text, false));
}

/// What happened, why, the way out, and PostgreSQL's code.
pub fn complain(problem: &Problem) {
    let label = paint(Colour::Red, "error:", io::stderr().is_terminal());
    let mut stderr = io::stderr().lock();
    let _ = writeln!(stderr, "{label} {}", plain(&problem.what, false));
    for (name, text) in [("cause", &problem.cause), ("way out", &problem.way_out)] {
        if !text.is_empty() {
            let _ = writeln!(stderr, "  {name}: {}", plain(text, false));
        }
    }
    if let Some(code) = &problem.sqlstate {
        let _ = writeln!(stderr, "  SQLSTATE: {}", plain(code, false));
    }
}

/// A line on standard error that says what takes so long, gone when it is done. Nothing at all when nobody watches.
pub struct Progress {
    shown: bool,
}

impl Progress {
    pub fn start(doing: &str) -> Self {
        let shown = io::stderr().is_terminal();
        if shown {
            let mut stderr = io::stderr().lock();
            let _ = write!(stderr, "\r\u{1b}[K{}", paint(Colour::Dim, &plain(doing, false), true));
            let _ = stderr.flush();
        }
        Self { shown }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown {
            let _ = write!(io::stderr().lock(), "\r\u{1b}[K");
        }
    }
}

/// The same text without the passwords of connection strings. A password may hold any sign but white space.
pub fn without_passwords(text: &str) -> String {
    let mut shown = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        let (word, tail) = after.split_at(after.find(char::is_whitespace).unwrap_or(after.len()));
        shown.push_str(before);
        match word.rsplit_once('@').and_then(|(info, host)| Some((info.split_once(':')?.0, host))) {
            Some((user, host)) => shown.push_str(&format!("{user}:***@{host}")),
            None => shown.push_str(word),
        }
        rest = tail;
    }
    shown + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_steer_the_terminal() {
        assert_eq!(plain("a\u{1b}[31mb\nc", false), "a\\u{1b}[31mb\\u{a}c");
        assert_eq!(plain("x\u{202e}y", false), "x\\u{202e}y");
        assert_eq!(plain("SELECT 1;\n\tx\u{7}", true), "SELECT 1;\n\tx\\u{7}");
        assert_eq!(plain("Grüße 漢字", false), "Grüße 漢字");
    }

    #[test]
    fn a_connection_string_is_shown_without_its_password() {
        assert_eq!(without_passwords("no url: here"), "no url: here");
        assert_eq!(without_passwords("'postgresql://me:secret@host:5432/db' found"), "'postgresql://me:***@host:5432/db' found");
        assert_eq!(without_passwords("postgresql://me:se/cr@et@host/db x"), "postgresql://me:***@host/db x");
        assert_eq!(without_passwords("postgresql://me@host/db and http://a/b"), "postgresql://me@host/db and http://a/b");
        assert_eq!(without_passwords("postgresql://host:5432/db"), "postgresql://host:5432/db");
    }
}
