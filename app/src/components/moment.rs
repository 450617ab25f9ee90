//! A moment: the server writes UTC, the browser replaces it with the reader's own time once the page is alive.

use crate::words;
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use web_sys::js_sys::{Date, Object, Reflect};
use web_sys::wasm_bindgen::JsValue;

#[component]
pub fn Moment(at: DateTime<Utc>) -> impl IntoView {
    let text = RwSignal::new(words::utc(at));
    // Effects run in the browser only, after hydration: what both sides rendered first is the same.
    Effect::new(move |_| text.set(local(at)));
    view! {
        <time datetime=at.to_rfc3339() title=words::utc(at)>
            {text}
        </time>
    }
}

fn local(at: DateTime<Utc>) -> String {
    let options = Object::new();
    for (name, value) in [("dateStyle", "medium"), ("timeStyle", "short")] {
        // Setting a field of a plain object cannot fail.
        let _ = Reflect::set(&options, &name.into(), &value.into());
    }
    let date = Date::new(&JsValue::from_f64(at.timestamp_millis() as f64));
    date.to_locale_string("default", &options).into()
}

/// The time of day, for lists of one run: its day stands above them.
#[component]
pub fn Clock(at: DateTime<Utc>) -> impl IntoView {
    let text = RwSignal::new(words::utc_clock(at));
    Effect::new(move |_| {
        let date = Date::new(&JsValue::from_f64(at.timestamp_millis() as f64));
        text.set(date.to_locale_time_string("default").into());
    });
    view! {
        <time class="clock" datetime=at.to_rfc3339() title=words::utc(at)>
            {text}
        </time>
    }
}
