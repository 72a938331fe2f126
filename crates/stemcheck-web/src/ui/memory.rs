//! What this browser remembers from visit to visit: what was chosen, and what the artist ticked and
//! noted for a song; never audio, and nothing leaves it. Some private windows refuse to remember
//! anything; then every visit is the first.

use web_sys::Storage;

/// What was remembered.
pub fn recall(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

/// Remembers a word.
pub fn remember(key: &str, word: &str) {
    if let Some(storage) = storage() {
        // Refused where the disk is full.
        let _ = storage.set_item(key, word);
    }
}

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}
