//! A sheet above the page that keeps the focus, closes with Escape or a press beside it, and gives
//! the focus back.

use web_sys::HtmlDialogElement;
use yew::prelude::*;

use crate::language::Text;
use crate::texts;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub open: bool,
    /// What its title's id begins with.
    pub id: &'static str,
    pub title: Text,
    pub on_close: Callback<()>,
    pub children: Html,
}

/// The sheet, called by its title.
#[component]
pub fn Dialog(props: &Props) -> Html {
    let dialog = use_node_ref();
    use_effect_with(props.open, {
        let dialog = dialog.clone();
        move |open| {
            let Some(dialog) = dialog.cast::<HtmlDialogElement>() else { return };
            if *open && !dialog.open() {
                // Refused only for a dialog that is gone.
                let _ = dialog.show_modal();
            } else if !*open && dialog.open() {
                dialog.close();
            }
        }
    });
    let onclose = props.on_close.reform(|_: Event| ());
    let onmousedown = {
        let (dialog, close) = (dialog.clone(), props.on_close.clone());
        // What is pressed beside the sheet is the dialog's backdrop. A press, not a click: a selection
        // that is drawn with the mouse may end there, too.
        Callback::from(move |event: MouseEvent| {
            let target = event.target_dyn_into::<web_sys::Node>();
            if target.is_some() && target == dialog.get() {
                close.emit(());
            }
        })
    };
    let title_id = format!("{}-title", props.id);
    html! {
        <dialog ref={dialog} aria-labelledby={title_id.clone()} {onclose} {onmousedown}>
            <div class={classes!("sheet", props.id)}>
                <header>
                    <h2 id={title_id}>{ props.title }</h2>
                    <button type="button" class="button small" onclick={props.on_close.reform(|_| ())}>{ texts::DISMISS }</button>
                </header>
                { props.children.clone() }
            </div>
        </dialog>
    }
}
