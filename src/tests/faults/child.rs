//! A console as a process of its own: this program, started once more, so that the console people run has no switch for crashes.

use lockstep::engine::{Console, Faults, Moment, Settings};
use rustix::process::{Pid, Signal, kill_process};
use serde::{Deserialize, Serialize};
use std::io::Read;
use std::path::PathBuf;
use std::process::{ExitCode, ExitStatus, Stdio};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, ChildStdin, Command};
use tokio::signal::unix::{SignalKind, signal};

/// The variable that makes this program a console.
const ORDERS: &str = "LOCKSTEP_FAULTS_CONSOLE";

/// What becomes of the process at one of its writes to the journal, counted from 1.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub enum At {
    AbortBefore(u32),
    AbortAfter(u32),
    PanicBefore(u32),
}

/// How a console is started.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Orders {
    pub store: String,
    pub folder: PathBuf,
    pub backups: Option<PathBuf>,
    pub programs: Option<PathBuf>,
    pub lease: Duration,
    pub fault: Option<At>,
}

/// A running console. Dropping it kills it.
pub struct Process {
    child: Child,
    /// Its end tells the console that nobody is left who watches it.
    _lifeline: Option<ChildStdin>,
}

impl Process {
    /// Returns when its runner has been started.
    pub async fn start(orders: &Orders) -> Self {
        Self::of(Command::new(std::env::current_exe().unwrap()), orders).await
    }

    /// The same for one that may write no file larger than so many KB: as on a disk that runs full, a write fails.
    pub async fn limited(orders: &Orders, kilobytes: u32) -> Self {
        let mut command = Command::new("bash");
        let script = format!("trap '' XFSZ; ulimit -f {kilobytes}; exec \"$0\"");
        command.arg("-c").arg(script).arg(std::env::current_exe().unwrap());
        Self::of(command, orders).await
    }

    /// The same for one that may have so many KB of memory for what it reads and writes.
    pub async fn with_memory(orders: &Orders, kilobytes: u32) -> Self {
        let mut command = Command::new("bash");
        command.args(["-c", &format!("ulimit -d {kilobytes}; exec \"$0\"")]).arg(std::env::current_exe().unwrap());
        Self::of(command, orders).await
    }

    /// The same where the clock is so many seconds off.
    pub async fn with_clock(orders: &Orders, seconds: i32) -> Self {
        let mut command = Command::new("faketime");
        command.args(["--exclude-monotonic", "-f", &format!("{seconds:+}s")]).arg(std::env::current_exe().unwrap());
        Self::of(command, orders).await
    }

    async fn of(mut command: Command, orders: &Orders) -> Self {
        command.env(ORDERS, serde_json::to_string(orders).unwrap()).kill_on_drop(true);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let lifeline = child.stdin.take();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut said = child.stderr.take().unwrap();
        if lines.next_line().await.unwrap().as_deref() != Some("ready") {
            let mut text = String::new();
            said.read_to_string(&mut text).await.unwrap();
            panic!("the console did not start: {text}");
        }
        // A pipe that nobody reads would hold the console up.
        tokio::spawn(async move { tokio::io::copy(&mut said, &mut tokio::io::sink()).await });
        Self { child, _lifeline: lifeline }
    }

    fn signal(&self, signal: Signal) {
        let pid = self.child.id().expect("the console still runs");
        kill_process(Pid::from_raw(i32::try_from(pid).unwrap()).unwrap(), signal).unwrap();
    }

    /// As a crash of the machine or the kernel's lack of memory would.
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// Asks it to end in order.
    pub fn terminate(&self) {
        self.signal(Signal::TERM);
    }

    /// It stands still, as a machine that is suspended does.
    pub fn stop(&self) {
        self.signal(Signal::STOP);
    }

    pub fn go_on(&self) {
        self.signal(Signal::CONT);
    }

    /// Waits for its end.
    pub async fn ended(&mut self) -> ExitStatus {
        self.child.wait().await.unwrap()
    }
}

/// What this process is to do when it is a console.
pub fn orders() -> Option<Orders> {
    std::env::var(ORDERS).ok().map(|text| serde_json::from_str(&text).unwrap())
}

/// Is a console until it is told to end, or until the moment of its fault.
pub async fn serve(orders: Orders) -> ExitCode {
    end_when_abandoned();
    let mut term = signal(SignalKind::terminate()).unwrap();
    let settings = Settings {
        data_dir: orders.folder,
        store_url: Some(orders.store),
        backup_dir: orders.backups,
        pg_bin: orders.programs,
        lease: orders.lease,
        ..Settings::default()
    };
    let console = Console::open(settings).await.unwrap();
    let (faults, mut crash) = match orders.fault {
        None => (Faults::none(), None),
        Some(At::PanicBefore(write)) => (Faults::panic(write), None),
        Some(At::AbortBefore(write)) => some(Faults::crash(Moment::Before, write)),
        Some(At::AbortAfter(write)) => some(Faults::crash(Moment::After, write)),
    };
    console.start_runner_with(faults).await.unwrap();
    println!("ready");
    let crash = async {
        match &mut crash {
            Some(crash) => crash.reached().await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        () = crash => std::process::abort(),
        _ = term.recv() => {
            console.shutdown().await;
            ExitCode::SUCCESS
        }
    }
}

fn some<C>((faults, crash): (Faults, C)) -> (Faults, Option<C>) {
    (faults, Some(crash))
}

/// Ends with whoever started it.
fn end_when_abandoned() {
    std::thread::spawn(|| {
        let _ended = std::io::stdin().read(&mut [0]);
        std::process::abort();
    });
}
