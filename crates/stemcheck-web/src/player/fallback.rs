//! Plays where there is no `AudioWorklet` (a page that is neither on https nor on this computer, an old
//! browser): the worklet's own processor on the page's thread; see `www/player-fallback.js`.

use crate::home;
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AudioContext, AudioNode, HtmlScriptElement, MessagePort};

const SCRIPT: &str = "player-fallback.js";
const PROCESSOR: &str = "player-worklet.js";
/// The function that the script leaves behind.
const OPENER: &str = "stemcheckFallback";

/// A node that plays, and the port to its processor.
///
/// # Errors
/// Whatever the browser refuses.
pub(super) async fn open(context: &AudioContext) -> Result<(AudioNode, MessagePort), JsValue> {
    let global = js_sys::global();
    if Reflect::get(&global, &OPENER.into())?.is_undefined() {
        load().await?;
    }
    let opener: Function = Reflect::get(&global, &OPENER.into())?.dyn_into()?;
    let opening: Promise =
        opener.call2(&JsValue::NULL, context, &home::address(PROCESSOR).into())?.dyn_into()?;
    let opened = JsFuture::from(opening).await?;
    let part = |name: &str| Reflect::get(&opened, &name.into());
    Ok((part("node")?.dyn_into()?, part("port")?.dyn_into()?))
}

/// Runs the script.
async fn load() -> Result<(), JsValue> {
    let document = home::document().ok_or("no document")?;
    let script: HtmlScriptElement = document.create_element("script")?.unchecked_into();
    script.set_src(&home::address(SCRIPT));
    let loaded = Promise::new(&mut |resolve, reject| {
        script.set_onload(Some(&resolve));
        script.set_onerror(Some(&reject));
    });
    document.head().ok_or("no head")?.append_child(&script)?;
    JsFuture::from(loaded).await.map(drop)
}
