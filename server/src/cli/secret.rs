//! Passwords for commands: from the environment, or typed without being shown. Never an argument: those are seen by everybody on the machine.

use lockstep::problem::{Problem, ProblemKind};
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

const VARIABLE: &str = "LOCKSTEP_PASSWORD";

/// The password of somebody who is known.
pub fn password(email: &str) -> Result<String, Problem> {
    from_environment().map_or_else(|| ask(&format!("Password of {email}: ")), Ok)
}

/// A password for somebody new, typed twice.
pub fn new_password(email: &str) -> Result<String, Problem> {
    if let Some(password) = from_environment() {
        return Ok(password);
    }
    let first = ask(&format!("New password for {email}: "))?;
    if ask("The same again: ")? != first {
        return Err(Problem::new(ProblemKind::Invalid, "The two passwords differ.").way_out("Try again."));
    }
    Ok(first)
}

fn from_environment() -> Option<String> {
    std::env::var(VARIABLE).ok().filter(|password| !password.is_empty())
}

fn ask(prompt: &str) -> Result<String, Problem> {
    let nobody = |_| {
        Problem::new(ProblemKind::Invalid, "There is nobody to ask for the password.")
            .way_out(format!("Set {VARIABLE}, or call the command from a terminal."))
    };
    let mut terminal = OpenOptions::new().read(true).write(true).open("/dev/tty").map_err(nobody)?;
    let _hidden = Hidden::on(&terminal).map_err(nobody)?;
    write!(terminal, "{}", crate::terminal::plain(prompt, false)).map_err(nobody)?;
    let mut line = String::new();
    BufReader::new(&terminal).read_line(&mut line).map_err(nobody)?;
    writeln!(terminal).map_err(nobody)?;
    Ok(line.trim_end_matches(['\n', '\r']).to_owned())
}

/// While it lives, the terminal shows nothing of what is typed.
struct Hidden(File);

impl Hidden {
    fn on(terminal: &File) -> std::io::Result<Self> {
        stty(terminal, "-echo")?;
        Ok(Self(terminal.try_clone()?))
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        // Nothing can be done about a terminal that has gone away.
        let _gone = stty(&self.0, "echo");
    }
}

fn stty(terminal: &File, mode: &str) -> std::io::Result<()> {
    Command::new("stty").arg(mode).stdin(Stdio::from(terminal.try_clone()?)).status().map(|_| ())
}
