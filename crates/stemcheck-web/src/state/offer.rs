//! Files that come to a song that is there: may they take the place of some of its files?
//!
//! Only a part of the song can: as many files as the song has, or one that it does not know, are
//! another song. What is dropped onto a file's row is meant for it, whatever it is called.

use super::Song;

/// What may take whose place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// For each file that came in, in order: the index of the one whose place it may take.
    pub places: Vec<usize>,
    /// The names of those that came in.
    pub names: Vec<String>,
    /// Whether it goes without asking: dropped onto its own row.
    pub is_certain: bool,
}

impl Offer {
    /// What loose files of these names may replace; `onto` is the row that they were dropped on.
    pub fn of(song: &Song, names: &[String], onto: Option<usize>) -> Option<Self> {
        let offer = |places, is_certain| Self { places, names: names.to_vec(), is_certain };
        if let ([name], Some(row)) = (names, onto) {
            let its_own = song.name_of(row)? == name;
            return Some(offer(vec![row], its_own));
        }
        let places: Option<Vec<usize>> = names.iter().map(|name| song.index_of(name)).collect();
        let places = places.filter(|it| !it.is_empty() && it.len() < song.files.len())?;
        Some(offer(places, false))
    }

    /// Index and new name of each file.
    pub fn replacements(&self) -> Vec<(usize, String)> {
        self.places.iter().copied().zip(self.names.iter().cloned()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(names: &[&str], onto: Option<usize>) -> Option<(Vec<usize>, bool)> {
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        let song = Song::new("Night".to_owned(), owned(&["Drums.wav", "Bass.wav", "Mix.wav"]));
        Offer::of(&song, &owned(names), onto).map(|offer| (offer.places, offer.is_certain))
    }

    #[test]
    fn what_the_song_knows_may_take_its_place() {
        assert_eq!(offer(&["Bass.wav"], None), Some((vec![1], false)));
        assert_eq!(offer(&["Mix.wav", "Bass.wav"], None), Some((vec![2, 1], false)));
        assert_eq!(offer(&["Bass 2.wav"], None), None);
        assert_eq!(offer(&["Bass.wav", "Keys.wav"], None), None);
        assert_eq!(
            offer(&["Bass.wav", "Drums.wav", "Mix.wav"], None),
            None,
            "it is the song again"
        );
        assert_eq!(offer(&[], None), None);
    }

    #[test]
    fn what_is_dropped_onto_a_row_is_meant_for_it() {
        assert_eq!(offer(&["Bass.wav"], Some(1)), Some((vec![1], true)));
        assert_eq!(offer(&["Bass 2.wav"], Some(1)), Some((vec![1], false)));
        assert_eq!(offer(&["Bass.wav"], Some(9)), None);
        // Several are sorted by their names.
        assert_eq!(offer(&["Drums.wav", "Bass.wav"], Some(2)), Some((vec![0, 1], false)));
    }
}
