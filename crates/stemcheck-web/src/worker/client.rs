//! The page's end of one worker.

use js_sys::Reflect;
use wasm_bindgen::prelude::*;
use web_sys::{ErrorEvent, MessageEvent, Worker};

use super::message::{self, Opened, Reply, Request};
use crate::home;

/// A running worker. Dropping it terminates it at once, whatever it is doing.
#[derive(Debug)]
pub struct Connection {
    worker: Worker,
    // Called by the browser as long as the worker lives.
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(ErrorEvent)>,
}

impl Connection {
    /// Starts a worker that tells `on_reply` what it answers, or in words that it is dead. Its first
    /// reply is [`Reply::Ready`]; nothing may be sent before.
    ///
    /// # Errors
    /// If the browser refuses to start one, in its words.
    pub fn start(
        on_reply: impl Fn(Result<Opened<Reply>, String>) + Clone + 'static,
    ) -> Result<Self, String> {
        let worker = home::worker().map_err(|error| words(&error))?;
        let on_death = on_reply.clone();
        let on_message =
            Closure::new(move |event: MessageEvent| on_reply(message::open(&event.data())));
        let on_error = Closure::new(move |event: ErrorEvent| {
            event.prevent_default();
            on_death(Err(words(&event)));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Self { worker, _on_message: on_message, _on_error: on_error })
    }

    /// Sends a request; `attached` is copied along, `handed` changes hands.
    ///
    /// # Errors
    /// If it cannot be posted, in the browser's words.
    pub fn send(
        &self,
        request: &Request,
        attached: &[JsValue],
        handed: &[JsValue],
    ) -> Result<(), String> {
        let sealed = message::seal(request, attached, handed)?;
        self.worker
            .post_message_with_transfer(&sealed.message, &sealed.transfer)
            .map_err(|error| words(&error))
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

/// What a JavaScript error or error event says.
pub fn words(error: &JsValue) -> String {
    Reflect::get(error, &"message".into())
        .ok()
        .and_then(|message| message.as_string())
        .filter(|message| !message.is_empty())
        .unwrap_or_else(|| "no reason given".into())
}
