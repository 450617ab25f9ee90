//! The two servers: one has the store, the other the targets, and each can be stopped, restarted and killed by itself.

use crate::harness;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use tokio::process::Command;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Server {
    Store,
    Target,
}

/// How a server ends.
#[derive(Debug, Clone, Copy)]
pub enum End {
    /// Sessions are ended in order.
    Fast,
    /// As when its machine loses power; the next start recovers.
    Immediate,
}

impl Server {
    fn home(self) -> PathBuf {
        let name = match self {
            Self::Store => "shared",
            Self::Target => "other",
        };
        harness::folder(name).join("data")
    }

    pub async fn stop(self, end: End) {
        self.control(&["stop", "-m", mode(end)]).await;
    }

    /// On the same port, with the same settings.
    pub async fn start(self) {
        // A restart starts a server that is down, and remembers how it was started; a start does not.
        self.control(&["restart", "-m", "fast"]).await;
    }

    pub async fn restart(self, end: End) {
        self.control(&["restart", "-m", mode(end)]).await;
    }

    async fn control(self, words: &[&str]) {
        let program = harness::bin().await.join("pg_ctl");
        let mut command = match std::fs::metadata("/proc/self").unwrap().uid() {
            0 => Command::new("runuser"),
            _ => Command::new("env"),
        };
        if std::fs::metadata("/proc/self").unwrap().uid() == 0 {
            command.args(["-u", "postgres", "--"]);
        }
        let home = self.home();
        command.arg(program).args(words).args(["-s", "-w", "-t", "120", "-D"]).arg(&home).arg("-l").arg(home.join("server.log"));
        // A server that is started must not hold the pipes of this process.
        let status =
            command.current_dir("/").stdin(std::process::Stdio::null()).stdout(std::process::Stdio::null()).status().await;
        assert!(status.unwrap().success(), "{self:?}: pg_ctl {words:?}");
    }
}

fn mode(end: End) -> &'static str {
    match end {
        End::Fast => "fast",
        End::Immediate => "immediate",
    }
}
