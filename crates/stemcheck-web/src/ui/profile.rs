//! The form in which a studio writes its profile: a sheet with a control for every field, from which
//! the page is told another profile, and files and links are made.
//!
//! What stands in the controls and what it means is `state::Draft`'s matter. Changes are kept while the
//! sheet is closed, as long as the page goes by the same profile.

mod field;

use std::collections::BTreeMap;

use js_sys::Reflect;
use stemcheck_session::core::profile::Profile;
use stemcheck_session::profiles;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlElement, HtmlInputElement};
use yew::prelude::*;

use super::dialog::Dialog;
use super::drop::{chosen_one, text_of};
use super::{Msg, download};
use crate::engine::Dropped;
use crate::home;
use crate::language::{Text, spoken};
use crate::state::{Action, Draft, State, fragment};
use crate::texts;

#[derive(Properties, PartialEq)]
pub struct Props {
    /// The profile that the page goes by; `None` while the form is closed.
    pub chosen: Option<Profile>,
    pub send: Callback<Msg>,
}

/// What the form is told.
pub enum Change {
    /// Nothing came of it.
    Nothing,
    /// Something else stands in a field's control.
    Set(&'static str, String),
    /// A field is as in the profile that this one is based on.
    Unset(&'static str),
    /// A finding matters so much, or as usual.
    Severity(String, Option<String>),
    /// A file was chosen.
    Open(Dropped),
    /// Its name, and what stands in it, if it could be read.
    Read(String, Option<String>),
    /// Everything is as it was in the beginning.
    Restart,
    /// The page is to go by it.
    Use,
    /// It is saved as TOML.
    SaveToml,
    /// It is saved as JSON.
    SaveJson,
    /// The link is copied.
    Link,
    /// That worked or not.
    Linked(bool),
}

/// What the form says of what was done last.
enum Told {
    Nothing,
    Done(Text),
    Refused(String),
    /// The link, to be copied by hand.
    Link(String),
}

/// The form.
pub struct ProfileForm {
    /// What the draft began as.
    start: Option<Profile>,
    draft: Draft,
    told: Told,
    link: NodeRef,
    /// Whether the link has just come up.
    unselected: bool,
}

impl Component for ProfileForm {
    type Message = Change;
    type Properties = Props;

    fn create(ctx: &Context<Self>) -> Self {
        let mut form = Self {
            start: None,
            draft: Draft::default(),
            told: Told::Nothing,
            link: NodeRef::default(),
            unselected: false,
        };
        form.begin(ctx.props());
        form
    }

    fn changed(&mut self, ctx: &Context<Self>, _: &Props) -> bool {
        self.begin(ctx.props());
        true
    }

    fn update(&mut self, ctx: &Context<Self>, change: Change) -> bool {
        let told = std::mem::replace(&mut self.told, Told::Nothing);
        match change {
            Change::Nothing => self.told = told,
            Change::Set(key, text) => self.draft.set(key, text),
            Change::Unset(key) => {
                self.draft.unset(key);
                // The button that had the focus goes away.
                focus(key);
            }
            Change::Severity(code, word) => {
                self.draft.set_severity(&code, word.as_deref());
                if word.is_none() {
                    focus("severity");
                }
            }
            Change::Open(file) => ctx.link().send_future(async move {
                let text = text_of(&file.file).await;
                Change::Read(file.name, text)
            }),
            Change::Read(name, text) => self.told = self.read(&name, text.as_deref()),
            Change::Restart => {
                self.draft = self.beginning();
                focus("name");
            }
            Change::Use => {
                if let Some(profile) = self.finished() {
                    ctx.props().send.emit(Msg::Do(Action::ProfileMade(Box::new(profile))));
                }
            }
            Change::SaveToml => self.save("toml", "application/toml", profiles::to_toml),
            Change::SaveJson => self.save("json", "application/json", profiles::to_json),
            Change::Link => {
                if let Some(link) = self.address() {
                    ctx.link().send_future(async move { Change::Linked(copy(&link).await) });
                }
            }
            Change::Linked(true) => self.told = Told::Done(texts::PROFILE_LINKED),
            Change::Linked(false) => {
                self.unselected = true;
                self.told = self.address().map_or(Told::Nothing, Told::Link);
            }
        }
        true
    }

    fn rendered(&mut self, _: &Context<Self>, _: bool) {
        let link = self.link.cast::<HtmlInputElement>();
        if let Some(field) = link.filter(|_| std::mem::take(&mut self.unselected)) {
            // Only a field that is gone cannot take the focus.
            let _ = field.focus();
            field.select();
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        let open = props.chosen.is_some();
        let close = props.send.reform(|()| Msg::Do(Action::ProfileFormSet(false)));
        html! {
            <Dialog {open} id="profile" title={texts::PROFILE_TITLE} on_close={close}>
                // While it is closed, there is nothing to keep up to date.
                if open { { self.sheet(&ctx.link().callback(|change| change)) } }
            </Dialog>
        }
    }
}

/// What it shows.
impl ProfileForm {
    fn sheet(&self, tell: &Callback<Change>) -> Html {
        let problems = self.problems();
        let part = |(title, fields): &(Text, &'static [texts::Field])| {
            let field = |field| field::view(&self.draft, field, &problems, tell);
            html! {
                <fieldset>
                    <legend>{ *title }</legend>
                    { for fields.iter().map(field) }
                </fieldset>
            }
        };
        let button = |class: &'static str, label: Text, change: fn() -> Change| {
            let onclick = tell.reform(move |_: MouseEvent| change());
            html! { <button type="button" class={classes!("button", class)} {onclick}>{ label }</button> }
        };
        let onopen = tell.reform(|event: Event| {
            chosen_one(&event.target_unchecked_into()).map_or(Change::Nothing, Change::Open)
        });
        let onsubmit = tell.reform(|event: SubmitEvent| {
            event.prevent_default();
            Change::Use
        });
        html! {
            <>
                <p class="quiet">{ texts::PROFILE_INTRO }</p>
                <div class="profile-from">
                    <span class="way">
                        <input id="profile-file" class="unseen" type="file" accept=".toml,.json" onchange={onopen} />
                        <label for="profile-file" class="button small">{ texts::PROFILE_OPEN }</label>
                    </span>
                    if self.draft != self.beginning() {
                        { button("small", texts::PROFILE_RESTART, || Change::Restart) }
                    }
                </div>
                <form class="profile-parts" autocomplete="off" {onsubmit}>
                    { for texts::PROFILE_PARTS.iter().map(part) }
                    // Enter in a field is as good as the button.
                    <input type="submit" hidden=true />
                </form>
                <footer>
                    <div class="profile-told">{ self.told(problems.len()) }</div>
                    { button("small", texts::PROFILE_LINK, || Change::Link) }
                    { button("small", texts::PROFILE_TOML, || Change::SaveToml) }
                    { button("small", texts::PROFILE_JSON, || Change::SaveJson) }
                    { button("small primary", texts::PROFILE_USE, || Change::Use) }
                </footer>
            </>
        }
    }

    fn told(&self, wrong: usize) -> Html {
        match &self.told {
            Told::Refused(why) => html! { <p class="problem" role="alert">{ why }</p> },
            Told::Link(link) => html! {
                <>
                    <label for="profile-link">{ texts::PROFILE_NOT_LINKED }</label>
                    <input id="profile-link" ref={self.link.clone()} type="text" readonly=true value={link.clone()} />
                </>
            },
            Told::Done(what) if wrong == 0 => html! { <p role="status">{ *what }</p> },
            _ if wrong > 0 => {
                html! { <p class="problem" role="status">{ texts::to_mend(wrong) }</p> }
            }
            _ => html! { <p role="status"></p> },
        }
    }
}

/// What follows from a change.
impl ProfileForm {
    /// Begins with the profile that the page goes by, if that is another one.
    fn begin(&mut self, props: &Props) {
        if props.chosen.is_some() && self.start != props.chosen {
            self.start.clone_from(&props.chosen);
            self.draft = self.beginning();
            self.told = Told::Nothing;
        }
    }

    fn beginning(&self) -> Draft {
        let named = texts::PROFILE_NAMED.to_string();
        self.start.as_ref().map(|start| Draft::of(start, &named)).unwrap_or_default()
    }

    /// What is wrong, by field, in the page's language.
    fn problems(&self) -> BTreeMap<String, String> {
        let problems = self.draft.profile().err().unwrap_or_default();
        // Of several, the first is told.
        let told = problems.iter().rev();
        told.map(|it| (it.field().to_owned(), it.why.say(&spoken()))).collect()
    }

    /// The profile; if it is none yet, the focus goes to what is wrong.
    fn finished(&mut self) -> Option<Profile> {
        let profile = self.draft.profile();
        if profile.is_err() {
            let wrong = self.problems();
            let mut fields = texts::PROFILE_PARTS.iter().flat_map(|(_, fields)| *fields);
            let first = fields.find(|(key, ..)| wrong.contains_key(*key));
            if let Some((key, ..)) = first {
                focus(key);
            }
        }
        profile.ok()
    }

    fn read(&mut self, name: &str, text: Option<&str>) -> Told {
        match text.map(Draft::read) {
            None => Told::Refused(texts::PROFILE_UNREADABLE.to_string()),
            Some(Err(why)) => Told::Refused(texts::not_opened(name, &why)),
            Some(Ok(draft)) => {
                self.draft = draft;
                Told::Done(texts::PROFILE_OPENED)
            }
        }
    }

    fn save(&mut self, extension: &str, kind: &str, write: fn(&Profile) -> Result<String, String>) {
        let Some(profile) = self.finished() else { return };
        let name = format!("{}.{extension}", profile.name);
        let saved = write(&profile)
            .map_err(JsValue::from)
            .and_then(|text| download::save_text(&text, kind, &name));
        if saved.is_err() {
            self.told = Told::Refused(texts::PROFILE_NOT_SAVED.to_string());
        }
    }

    /// The page's address with this profile.
    fn address(&mut self) -> Option<String> {
        fragment(&self.finished()?).ok().map(|asked| home::link(&asked))
    }
}

/// Gives a field's control the focus.
fn focus(key: &str) {
    let control = home::by_id(&field::id(key));
    if let Some(control) = control.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
        // Only a control that is gone cannot take it.
        let _ = control.focus();
    }
}

/// Copies a text, if the browser lets the page: not without https, nor everywhere in a frame.
async fn copy(text: &str) -> bool {
    let Some(window) = web_sys::window() else { return false };
    let navigator = window.navigator();
    let clipboard = Reflect::get(&navigator, &"clipboard".into());
    if clipboard.is_ok_and(|it| it.is_undefined()) {
        return false;
    }
    JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok()
}

/// The way to the form, beside the profiles that can be chosen; not where a studio has said whose
/// demands hold.
pub fn opener(state: &State, send: &Callback<Msg>) -> Html {
    if home::has_its_demands() {
        return Html::default();
    }
    let label = if state.own().is_some() { texts::PROFILE_CHANGE } else { texts::PROFILE_MAKE };
    let onclick = send.reform(|_: MouseEvent| Msg::Do(Action::ProfileFormSet(true)));
    html! {
        <button type="button" class="link" aria-haspopup="dialog" {onclick}>{ label }</button>
    }
}

/// The same while the page is empty: whose demands hold, if a studio has said so, else for studios.
pub fn invitation(state: &State, send: &Callback<Msg>) -> Html {
    let sentence = match state.own() {
        Some(own) => texts::checked_by(&texts::profile(own)),
        None if home::has_its_demands() => return Html::default(),
        None => texts::PROFILE_STUDIO.to_string(),
    };
    html! { <p class="invitation"><span>{ sentence }</span>{ " " }{ opener(state, send) }</p> }
}
