//! The wish to stop, handed from the person who asks to the statement that runs; and the leave to commit, asked for the other way round.

use std::sync::{Arc, OnceLock};
use tokio::sync::{mpsc, oneshot, watch};

/// Asks for a stop. Dropping it takes nothing back and asks for nothing.
pub struct Canceller {
    asked: watch::Sender<bool>,
    gate: Arc<OnceLock<mpsc::Sender<Leave>>>,
}

/// Whether a stop was asked for.
#[derive(Clone)]
pub struct Cancel {
    asked: watch::Receiver<bool>,
    gate: Arc<OnceLock<mpsc::Sender<Leave>>>,
}

/// Gives leave to commit; dropping it refuses.
pub struct Leave(oneshot::Sender<()>);

/// Both ends.
pub fn cancellation() -> (Canceller, Cancel) {
    let (sender, receiver) = watch::channel(false);
    let gate = Arc::new(OnceLock::new());
    (Canceller { asked: sender, gate: gate.clone() }, Cancel { asked: receiver, gate })
}

impl Canceller {
    pub fn cancel(&self) {
        self.asked.send_replace(true);
    }

    /// From now on nothing is committed without leave: whoever wants to commit asks here.
    pub fn gate(&self) -> mpsc::Receiver<Leave> {
        let (sender, receiver) = mpsc::channel(1);
        // Who asks for the gate a second time gets one that nobody uses.
        let _first_stays = self.gate.set(sender);
        receiver
    }
}

impl Cancel {
    pub fn requested(&self) -> bool {
        *self.asked.borrow()
    }

    /// Returns once a stop is asked for; never, when nobody can ask any more.
    pub async fn wait(&self) {
        let mut receiver = self.asked.clone();
        if receiver.wait_for(|asked| *asked).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Whether the transaction may commit now.
    pub async fn may_commit(&self) -> bool {
        let Some(gate) = self.gate.get() else { return !self.requested() };
        let (leave, given) = oneshot::channel();
        gate.send(Leave(leave)).await.is_ok() && given.await.is_ok()
    }
}

impl Leave {
    pub fn give(self) {
        // Who does not wait any more does not commit.
        let _unused = self.0.send(());
    }
}
