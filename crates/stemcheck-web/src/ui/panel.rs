//! A part of the result with a title, a hint, and perhaps a control beside them.

use yew::prelude::*;

use crate::language::Text;

#[derive(Properties, PartialEq)]
pub struct Props {
    /// What its elements' ids begin with.
    pub id: &'static str,
    pub title: Text,
    pub hint: Text,
    #[prop_or_default]
    pub class: Option<&'static str>,
    /// Stands beside the title.
    #[prop_or_default]
    pub aside: Html,
    pub children: Html,
}

/// The part, called by its title.
#[component]
pub fn Panel(props: &Props) -> Html {
    let title_id = format!("{}-title", props.id);
    html! {
        <section class={classes!("panel", props.class)} aria-labelledby={title_id.clone()}>
            <div class="panel-head">
                <div>
                    <h3 id={title_id}>{ props.title }</h3>
                    <p class="quiet">{ props.hint }</p>
                </div>
                { props.aside.clone() }
            </div>
            { props.children.clone() }
        </section>
    }
}
