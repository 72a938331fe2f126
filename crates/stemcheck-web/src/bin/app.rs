//! The page's main thread.

use stemcheck_web::{failure, home, ui::App};

fn main() {
    failure::tell_the_user();
    home::offer(|host| {
        let app = yew::Renderer::<App>::with_root(host).render();
        || app.destroy()
    });
}
