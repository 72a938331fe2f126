//! Where the page lives: in a document of its own, in one file from a disk, or in an element on
//! somebody else's page. The scripts in `www/` say where (`start.js`, `embed.js`); everybody asks here.
//!
//! Decides nothing about the page; it knows what is around it: the root below which its elements are
//! found, where its scripts are, how a worker is started, who is told what happens.

use std::cell::RefCell;

use js_sys::{Function, JsString, Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, EventTarget, Node, ShadowRoot, Worker};

/// Name of the function that the program leaves for the script that starts it.
const MOUNT: &str = "stemcheckMount";

/// One instance of the program lives in one place.
#[derive(Clone)]
struct Home {
    /// The element that holds the page.
    host: Element,
    /// What the script said about it.
    script: Object,
}

thread_local! {
    static HOME: RefCell<Option<Home>> = const { RefCell::new(None) };
}

/// Leaves the script a function that takes the description of a home, opens the page in it, and gives
/// the function that ends the page. After that the next one can be opened.
pub fn offer<L: FnOnce() + 'static>(open: impl Fn(Element) -> L + 'static) {
    let mount = Closure::<dyn Fn(Object) -> JsValue>::new(move |script: Object| {
        let host = Reflect::get(&script, &"host".into()).and_then(JsCast::dyn_into::<Element>);
        let Ok(host) = host else { return JsValue::UNDEFINED };
        HOME.set(Some(Home { host: host.clone(), script }));
        Closure::once_into_js(open(host))
    });
    // The global object takes any property.
    let _ = Reflect::set(&js_sys::global(), &MOUNT.into(), &mount.into_js_value());
}

fn home() -> Option<Home> {
    HOME.with_borrow(Clone::clone)
}

fn property(name: &str) -> Option<JsValue> {
    Reflect::get(&home()?.script, &name.into())
        .ok()
        .filter(|it| !it.is_undefined() && !it.is_null())
}

fn call(name: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let function: Function = property(name).ok_or("not there")?.dyn_into()?;
    Reflect::apply(&function, &JsValue::NULL, &arguments.iter().collect())
}

/// The element that holds the page.
pub fn host() -> Option<Element> {
    home().map(|home| home.host)
}

/// What the page's colours and language are set on: the whole document if it is the page's own.
pub fn outermost() -> Option<Element> {
    if is_guest() { host() } else { document()?.document_element() }
}

/// The document around it.
pub fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// Whether the document is somebody else's.
pub fn is_guest() -> bool {
    property("guest").is_some_and(|guest| guest.is_truthy())
}

/// What hears keys and drops: the window, or on somebody else's page only what happens in here.
pub fn ear() -> Option<EventTarget> {
    if is_guest() { host().map(Into::into) } else { web_sys::window().map(Into::into) }
}

/// Whether a node lies in here.
pub fn holds(node: Option<&EventTarget>) -> bool {
    let node = node.and_then(|node| node.dyn_ref::<Node>());
    host().zip(node).is_some_and(|(host, node)| host.contains(Some(node)))
}

fn root() -> Option<Node> {
    host().map(|host| host.get_root_node())
}

/// The first element that a selector finds.
pub fn find(selector: &str) -> Option<Element> {
    let root = root()?;
    match root.dyn_ref::<ShadowRoot>() {
        Some(shadow) => shadow.query_selector(selector).ok()?,
        None => root.dyn_ref::<Document>()?.query_selector(selector).ok()?,
    }
}

/// The element of this id; ids are the page's own and need no escape.
pub fn by_id(id: &str) -> Option<Element> {
    find(&format!("#{id}"))
}

/// The element that has the focus.
pub fn focused() -> Option<Element> {
    let root = root()?;
    match root.dyn_ref::<ShadowRoot>() {
        Some(shadow) => shadow.active_element(),
        None => root.dyn_ref::<Document>()?.active_element(),
    }
}

/// Address of one of the page's own scripts.
pub fn address(name: &str) -> String {
    let address = call("address", &[name.into()]).ok().and_then(|address| address.as_string());
    address.unwrap_or_else(|| name.to_owned())
}

/// Starts a worker.
///
/// # Errors
/// Whatever the browser refuses.
pub fn worker() -> Result<Worker, JsValue> {
    call("worker", &[])?.dyn_into()
}

/// What whoever put the page here asks for: `profile` (TOML or JSON, or a built-in's name), `language`,
/// `theme`, `handoff`, `handoffVerdict`.
pub fn wish(name: &str) -> Option<String> {
    let wishes: Object = property("wishes")?.dyn_into().ok()?;
    let wish = Reflect::get(&wishes, &name.into()).ok()?.as_string()?;
    Some(wish.trim().to_owned()).filter(|wish| !wish.is_empty())
}

/// Whether a studio that has the page on its own asks for its own profile: then there is no other.
pub fn has_its_demands() -> bool {
    is_guest() && (wish("profile").is_some() || wish("obstacle").is_some())
}

/// Address of the page with what is asked of it, as it stands behind `#`; on somebody else's page that
/// of our own.
pub fn link(asked: &str) -> String {
    let own = || document().and_then(|document| document.url().ok()).unwrap_or_default();
    let page = if is_guest() { address("./") } else { own() };
    format!("{}#{asked}", page.split('#').next().unwrap_or_default())
}

/// Whether anybody is told what happens.
pub fn is_watched() -> bool {
    property("tell").is_some()
}

/// Tells whoever put the page here what happens: an event's name and its `detail`.
pub fn tell(event: &str, detail: &[(&str, JsValue)]) {
    if !is_watched() {
        return;
    }
    let object = Object::new();
    for (key, value) in detail {
        let _ = Reflect::set(&object, &JsString::from(*key), value);
    }
    // A listener that throws is its page's own matter.
    let _ = call("tell", &[event.into(), object.into()]);
}

/// Has the script call `act` with the name of whatever becomes possible: `install`, `update`.
pub fn on_news(act: impl Fn(String) + 'static) {
    let act = Closure::<dyn Fn(String)>::new(act).into_js_value();
    let _ = call("onNews", &[act]);
}

/// Has the script do what it said was possible.
pub fn accept(news: &str) {
    let _ = call("accept", &[news.into()]);
}
