//! The page's main thread.

fn main() {
    stemcheck_web::failure::tell_the_user();
    yew::Renderer::<stemcheck_web::ui::App>::new().render();
}
