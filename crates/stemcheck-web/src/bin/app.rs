//! The page's main thread.

fn main() {
    yew::Renderer::<stemcheck_web::ui::App>::new().render();
}
