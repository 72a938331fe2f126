//! The control of one field of a profile, with its hint and what is wrong with it.

use std::collections::BTreeMap;

use stemcheck_session::core::checks;
use stemcheck_session::core::profile::Severity;
use stemcheck_session::profiles::{self, Kind};
use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::Change;
use crate::state::{Draft, kind};
use crate::texts;
use crate::ui::severity_name;

/// Element id of a field's control.
pub fn id(key: &str) -> String {
    format!("asks-{key}")
}

/// The field.
pub fn view(
    draft: &Draft,
    &(key, label, hint): &'static texts::Field,
    problems: &BTreeMap<String, String>,
    tell: &Callback<Change>,
) -> Html {
    let id = id(key);
    let problem = problems.get(key);
    let wide = matches!(kind(key), Kind::Rates | Kind::Groups | Kind::Sentences | Kind::Severities);
    let (hint_id, problem_id) = (format!("{id}-hint"), format!("{id}-problem"));
    let described = match problem {
        Some(_) => format!("{problem_id} {hint_id}"),
        None => hint_id.clone(),
    };
    let control = Control { draft, key, id: id.clone(), described, wrong: problem.is_some(), tell };
    html! {
        <div class={classes!("profile-field", wide.then_some("wide"))} key={key}>
            <label for={id}>{ label }</label>
            { control.view() }
            <p id={hint_id} class="quiet">{ texts::field_hint(hint) }</p>
            if let Some(problem) = problem {
                <p id={problem_id} class="problem">{ problem }</p>
            }
            { take_back(draft, key, tell) }
        </div>
    }
}

/// The button for a field that says "nothing" where the profile below says something.
fn take_back(draft: &Draft, key: &'static str, tell: &Callback<Change>) -> Html {
    let Some(base) = draft.base().filter(|_| draft.states(key)) else { return Html::default() };
    if key == "name" || !draft.text(key).is_empty() || draft.inherited(key).is_none() {
        return Html::default();
    }
    let onclick = tell.reform(move |_: MouseEvent| Change::Unset(key));
    html! { <button type="button" class="link" {onclick}>{ texts::as_in(&base, None) }</button> }
}

struct Control<'a> {
    draft: &'a Draft,
    key: &'static str,
    id: String,
    /// Ids of what says more about it.
    described: String,
    wrong: bool,
    tell: &'a Callback<Change>,
}

impl Control<'_> {
    fn view(self) -> Html {
        match kind(self.key) {
            Kind::YesNo => self.yes_no(),
            Kind::BuiltIn => self.built_in(),
            Kind::Groups | Kind::Sentences => self.lines(),
            Kind::Severities => self.severities(),
            Kind::Whole => self.line("numeric"),
            Kind::Text | Kind::Number | Kind::Rates => self.line("text"),
        }
    }

    fn invalid(&self) -> Option<&'static str> {
        self.wrong.then_some("true")
    }

    fn line(self, mode: &'static str) -> Html {
        let key = self.key;
        let oninput = self.tell.reform(move |event: InputEvent| {
            Change::Set(key, event.target_unchecked_into::<HtmlInputElement>().value())
        });
        let placeholder = self.inherited();
        html! {
            <input id={self.id.clone()} type="text" inputmode={mode} spellcheck="false" {placeholder}
                ~value={self.draft.text(key).to_owned()} {oninput}
                aria-invalid={self.invalid()} aria-describedby={self.described.clone()} />
        }
    }

    fn lines(self) -> Html {
        let key = self.key;
        let oninput = self.tell.reform(move |event: InputEvent| {
            Change::Set(key, event.target_unchecked_into::<HtmlTextAreaElement>().value())
        });
        let placeholder = self.inherited();
        html! {
            <textarea id={self.id.clone()} rows="4" spellcheck="false" {placeholder}
                ~value={self.draft.text(key).to_owned()} {oninput}
                aria-invalid={self.invalid()} aria-describedby={self.described.clone()} />
        }
    }

    /// What holds while nothing is said, unless nothing is what is said.
    fn inherited(&self) -> Option<String> {
        self.draft.inherited(self.key).filter(|_| !self.draft.states(self.key))
    }

    fn yes_no(self) -> Html {
        let unsaid = match self.draft.base() {
            Some(base) => texts::as_in(&base, self.draft.inherited(self.key).as_deref()),
            None => texts::NOT_ASKED.to_string(),
        };
        let options = [
            (String::new(), unsaid),
            ("true".to_owned(), texts::YES.to_string()),
            ("false".to_owned(), texts::NO.to_string()),
        ];
        self.list(options)
    }

    fn built_in(self) -> Html {
        let built_in = profiles::NAMES.iter().filter_map(|name| profiles::built_in(name));
        let named: Vec<_> = built_in.map(|it| (it.name.clone(), texts::profile(&it))).collect();
        self.list(std::iter::once((String::new(), texts::NO_BASE.to_string())).chain(named))
    }

    fn list(self, options: impl IntoIterator<Item = (String, String)>) -> Html {
        let key = self.key;
        let now = self.draft.text(key);
        let onchange = self.tell.reform(move |event: Event| {
            Change::Set(key, event.target_unchecked_into::<HtmlSelectElement>().value())
        });
        let option = |(value, label): (String, String)| {
            let selected = value == now;
            html! { <option {value} {selected}>{ label }</option> }
        };
        html! {
            <select id={self.id.clone()} ~value={now.to_owned()} {onchange}
                aria-invalid={self.invalid()} aria-describedby={self.described.clone()}>
                { for options.into_iter().map(option) }
            </select>
        }
    }

    /// A list of the findings that matter otherwise, and one to add to it.
    fn severities(self) -> Html {
        let told: BTreeMap<&str, &str> = self.draft.severities().collect();
        let mut others: Vec<(String, &checks::Doc)> = checks::docs()
            .filter(|doc| !told.contains_key(doc.code))
            .map(|doc| (texts::title(doc.code), doc))
            .collect();
        others.sort_by(|(one, _), (other, _)| one.cmp(other));
        let onadd = self.tell.reform(|event: Event| {
            let code = event.target_unchecked_into::<HtmlSelectElement>().value();
            let usual = checks::doc(&code).map(|doc| severity_name(doc.severity).to_owned());
            Change::Severity(code, usual)
        });
        let row = |(&code, &word): (&&str, &&str)| severity_row(code, word, self.tell);
        html! {
            <>
                if !told.is_empty() { <ul class="severities">{ for told.iter().map(row) }</ul> }
                <select id={self.id.clone()} ~value="" onchange={onadd}
                    aria-invalid={self.invalid()} aria-describedby={self.described.clone()}>
                    <option value="" selected=true>{ texts::SEVERITY_ADD }</option>
                    { for others.iter().map(|(title, doc)| html! { <option value={doc.code}>{ title }</option> }) }
                </select>
            </>
        }
    }
}

fn severity_row(code: &str, word: &str, tell: &Callback<Change>) -> Html {
    let title = texts::title(code);
    let own = code.to_owned();
    let onchange = tell.reform(move |event: Event| {
        let word = event.target_unchecked_into::<HtmlSelectElement>().value();
        Change::Severity(own.clone(), Some(word))
    });
    let own = code.to_owned();
    let onclick = tell.reform(move |_: MouseEvent| Change::Severity(own.clone(), None));
    let option = |severity: Severity| {
        let name = severity_name(severity);
        html! { <option value={name} selected={name == word}>{ texts::severity(severity) }</option> }
    };
    let label = texts::as_usual(&title);
    html! {
        <li key={code.to_owned()}>
            <span>{ title.clone() }</span>
            <select aria-label={title} ~value={word.to_owned()} {onchange}>
                { for [Severity::Error, Severity::Warning, Severity::Info].map(option) }
            </select>
            <button type="button" class="link" aria-label={label} {onclick}>{ texts::AS_USUAL }</button>
        </li>
    }
}
