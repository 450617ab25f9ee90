//! Line icons, drawn inline: nothing is fetched for them. They decorate a text and are silent to screen readers.

use leptos::prelude::*;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    Arrow,
    Alert,
    Backup,
    Bell,
    Check,
    Clock,
    Cross,
    Database,
    Download,
    Edit,
    Eye,
    Info,
    Lock,
    Minus,
    Play,
    Plus,
    Question,
    Shield,
    Stop,
    Undo,
    Unplugged,
    Users,
    Wait,
}

impl Icon {
    /// On a grid of 24 by 24.
    fn path(self) -> &'static str {
        match self {
            Self::Arrow => "M5 12h14M13 6l6 6-6 6",
            Self::Alert => "M12 9v4M12 17h.01M10.3 3.9 1.8 18a2 2 0 0 0 1.7 3h17a2 2 0 0 0 1.7-3L13.7 3.9a2 2 0 0 0-3.4 0z",
            Self::Backup => "M3 5h18v4H3zM5 9v10h14V9M10 13h4",
            Self::Bell => "M6 16V11a6 6 0 0 1 12 0v5l2 2H4zM10 21h4",
            Self::Check => "M5 13l4 4L19 7",
            Self::Clock => "M12 7v5l3 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
            Self::Cross => "M6 6l12 12M18 6 6 18",
            Self::Database => {
                "M4 6c0-1.7 3.6-3 8-3s8 1.3 8 3-3.6 3-8 3-8-1.3-8-3zM4 6v12c0 1.7 3.6 3 8 3s8-1.3 8-3V6M4 12c0 1.7 3.6 3 8 3s8-1.3 8-3"
            }
            Self::Download => "M12 4v11M7 11l5 5 5-5M5 20h14",
            Self::Edit => "M4 20h4L19 9l-4-4L4 16z",
            Self::Eye => "M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z",
            Self::Info => "M12 11v5M12 8h.01M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
            Self::Lock => "M6 11h12v9H6zM8 11V8a4 4 0 0 1 8 0v3",
            Self::Minus => "M5 12h14",
            Self::Play => "M7 5l12 7-12 7z",
            Self::Plus => "M12 5v14M5 12h14",
            Self::Question => "M9.5 9a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .9-1 1.7M12 16.5h.01M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
            Self::Shield => "M12 3l8 3v6c0 5-3.4 8-8 9-4.6-1-8-4-8-9V6z",
            Self::Stop => "M8 3h8l5 5v8l-5 5H8l-5-5V8zM9 9l6 6M15 9l-6 6",
            Self::Undo => "M9 14 4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3",
            Self::Unplugged => "M3 3l18 18M9 4v4M15 4v4M7 8h10v4a5 5 0 0 1-.6 2.4M13.5 16.8A5 5 0 0 1 7 12V8M12 17v4",
            Self::Users => {
                "M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM2 21c0-4 3-6 7-6s7 2 7 6M16 3.5a4 4 0 0 1 0 7M18 15.5c2.5.7 4 2.500 4 5.500"
            }
            Self::Wait => "M7 3h10M7 21h10M8 3v3l4 5 4-5V3M8 21v-3l4-5 4 5v3",
        }
    }
}

#[component]
pub fn Sign(icon: Icon) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d=icon.path()></path>
        </svg>
    }
}
