//! What every worker runs.

fn main() {
    stemcheck_web::worker::serve();
}
