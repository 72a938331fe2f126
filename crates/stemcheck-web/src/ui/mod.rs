//! What is seen.

use yew::prelude::*;

/// The page.
#[component]
pub fn App() -> Html {
    html! { <main><h1>{ "Stemcheck" }</h1></main> }
}
