//! Hearing of changes: a stream that is open for as long as the page is seen. Tabs that nobody sees hold none, because a browser has few
//! lines to one server. In the browser only, and only once the page is awake.

use model::live::Changed;

/// What is heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// The stream is open: what changed until now was not heard of.
    Open,
    /// This changed.
    Changed(Changed),
    /// The stream broke; it is opened again by itself.
    Lost,
    /// The session ended, or the right was taken away. Nothing follows.
    Over,
}

/// Hears the stream at `path` until the page is left.
#[cfg(feature = "hydrate")]
pub use browser::listen;

/// On the server there is nothing to hear.
#[cfg(not(feature = "hydrate"))]
pub fn listen(_: &'static str, _: impl Fn(Heard) + 'static) {}

#[cfg(feature = "hydrate")]
mod browser {
    use super::Heard;
    use leptos::{
        prelude::*,
        wasm_bindgen::{JsCast, closure::Closure},
    };
    use model::live::{Changed, OVER};
    use send_wrapper::SendWrapper;
    use std::{
        cell::{Cell, RefCell},
        rc::Rc,
        time::Duration,
    };
    use web_sys::{EventSource, MessageEvent};

    /// How long to wait before opening a broken stream again: at first, and at most, each time twice as long.
    const PAUSE: u32 = 500;
    const LONGEST_PAUSE: u32 = 30_000;

    struct Ear {
        path: &'static str,
        hear: Box<dyn Fn(Heard)>,
        stream: RefCell<Option<Stream>>,
        pause: Cell<u32>,
        /// The page was left, or nothing follows.
        done: Cell<bool>,
    }

    /// An open stream, closed when it is dropped.
    struct Stream {
        source: EventSource,
        _opened: Closure<dyn FnMut()>,
        _told: Closure<dyn FnMut(MessageEvent)>,
        _broke: Closure<dyn FnMut()>,
    }

    impl Drop for Stream {
        fn drop(&mut self) {
            self.source.close();
        }
    }

    /// Opens the stream, and closes it when the page is left.
    pub fn listen(path: &'static str, hear: impl Fn(Heard) + 'static) {
        let ear = Rc::new(Ear {
            path,
            hear: Box::new(hear),
            stream: RefCell::default(),
            pause: Cell::new(PAUSE),
            done: Cell::default(),
        });
        let seen = ear.clone();
        let listener = window_event_listener_untyped("visibilitychange", move |_| match is_seen() {
            true => seen.open(),
            false => seen.close(),
        });
        let left = SendWrapper::new(ear.clone());
        on_cleanup(move || {
            listener.remove();
            left.done.set(true);
            left.close();
        });
        // Once the page is awake, and not while it wakes.
        set_timeout(move || ear.open(), Duration::ZERO);
    }

    fn is_seen() -> bool {
        web_sys::window().and_then(|window| window.document()).is_some_and(|document| !document.hidden())
    }

    impl Ear {
        fn open(self: &Rc<Self>) {
            if self.done.get() || !is_seen() || self.stream.borrow().is_some() {
                return;
            }
            let Ok(source) = EventSource::new(self.path) else { return };
            let (opening, telling, breaking) = (self.clone(), self.clone(), self.clone());
            let opened = Closure::new(move || {
                opening.pause.set(PAUSE);
                (opening.hear)(Heard::Open);
            });
            let told = Closure::new(move |event: MessageEvent| telling.told(&event.data().as_string().unwrap_or_default()));
            let broke = Closure::new(move || breaking.broke());
            source.set_onopen(Some(opened.as_ref().unchecked_ref()));
            source.set_onmessage(Some(told.as_ref().unchecked_ref()));
            source.set_onerror(Some(broke.as_ref().unchecked_ref()));
            self.stream.replace(Some(Stream { source, _opened: opened, _told: told, _broke: broke }));
        }

        /// Later, because what is closed may be speaking just now.
        fn close(self: &Rc<Self>) {
            if let Some(stream) = self.stream.take() {
                stream.source.close();
                set_timeout(move || drop(stream), Duration::ZERO);
            }
        }

        fn told(self: &Rc<Self>, data: &str) {
            if data == OVER {
                self.done.set(true);
                self.close();
                return (self.hear)(Heard::Over);
            }
            (self.hear)(Heard::Changed(Changed::read(data)));
        }

        /// The browser would try again by itself after some breaks and not after others; this way it is always.
        fn broke(self: &Rc<Self>) {
            self.close();
            (self.hear)(Heard::Lost);
            let (pause, ear) = (self.pause.get(), self.clone());
            self.pause.set((pause * 2).min(LONGEST_PAUSE));
            set_timeout(move || ear.open(), Duration::from_millis(u64::from(pause)));
        }
    }
}
