//! The wish to stop, handed from the person who asks to the statement that runs.

use tokio::sync::watch;

/// Asks for a stop. Dropping it takes nothing back and asks for nothing.
pub struct Canceller(watch::Sender<bool>);

/// Whether a stop was asked for.
#[derive(Clone)]
pub struct Cancel(watch::Receiver<bool>);

/// Both ends.
pub fn cancellation() -> (Canceller, Cancel) {
    let (sender, receiver) = watch::channel(false);
    (Canceller(sender), Cancel(receiver))
}

impl Canceller {
    pub fn cancel(&self) {
        self.0.send_replace(true);
    }
}

impl Cancel {
    pub fn requested(&self) -> bool {
        *self.0.borrow()
    }

    /// Returns once a stop is asked for; never, when nobody can ask any more.
    pub async fn wait(&self) {
        let mut receiver = self.0.clone();
        if receiver.wait_for(|asked| *asked).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
