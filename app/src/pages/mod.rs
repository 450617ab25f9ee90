//! One page per route: it loads and arranges; components draw.

mod first_run;
mod missing;
mod sign_in;

pub use first_run::FirstRunPage;
pub use missing::MissingPage;
pub use sign_in::SignInPage;
