//! Names of the two sides of one stereo sound.

use super::fold;

/// Words for the sides: what a left file is called, and its right one.
const SIDES: [(&str, &str); 5] =
    [("l", "r"), ("left", "right"), ("lt", "rt"), ("links", "rechts"), ("lf", "rf")];

/// Pairs of names that differ in nothing but the side: `Keys_L`/`Keys_R`, `Keys.L`/`Keys.R`,
/// `Keys Left`/`Keys Right`. Left first, in the order of the left ones.
///
/// Says nothing about the sound: two guitar takes that are panned wide are called like that as well.
pub fn stereo_pairs(names: &[&str]) -> Vec<(usize, usize)> {
    let sides: Vec<Vec<String>> = names.iter().map(|name| split(name)).collect();
    let mut taken = vec![false; names.len()];
    let mut pairs = Vec::new();
    for (left, words) in sides.iter().enumerate() {
        let right = sides.iter().enumerate().position(|(at, other)| {
            at != left && taken.get(at) == Some(&false) && are_sides(words, other)
        });
        if let (Some(right), Some(false)) = (right, taken.get(left)) {
            for side in [left, right] {
                if let Some(taken) = taken.get_mut(side) {
                    *taken = true;
                }
            }
            pairs.push((left, right));
        }
    }
    pairs
}

/// Runs of letters and digits, folded, extension and all.
fn split(name: &str) -> Vec<String> {
    name.split(|c: char| !c.is_alphanumeric()).filter(|run| !run.is_empty()).map(fold).collect()
}

/// Whether the words are the same but for one, which names the left and the right side.
fn are_sides(left: &[String], right: &[String]) -> bool {
    let differ: Vec<(&String, &String)> = left.iter().zip(right).filter(|(a, b)| a != b).collect();
    match differ[..] {
        [(a, b)] if left.len() == right.len() && left.len() > 1 => {
            SIDES.iter().any(|(l, r)| (a, b) == (&(*l).to_owned(), &(*r).to_owned()))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_sides_are_found() {
        for names in [
            ["Keys_L.wav", "Keys_R.wav"],
            ["Keys.L.wav", "Keys.R.wav"],
            ["Keys Left.wav", "Keys Right.wav"],
            ["keys-left-01.aif", "Keys-Right-01.aif"],
            ["L Keys.wav", "R Keys.wav"],
        ] {
            assert_eq!(stereo_pairs(&names), [(0, 1)], "{names:?}");
            let [left, right] = names;
            assert_eq!(stereo_pairs(&[right, "Bass.wav", left]), [(2, 0)], "{names:?}");
        }
    }

    #[test]
    fn other_names_are_no_pair() {
        for names in [
            ["Keys 1.wav", "Keys 2.wav"],
            ["Keys_L.wav", "Organ_R.wav"],
            ["Keys_L.wav", "Keys_L 2.wav"],
            ["Keys_L.wav", "Keys_R.aif"],
            ["Left.wav", "Leftover.wav"],
            ["L", "R"],
        ] {
            assert_eq!(stereo_pairs(&names), [], "{names:?}");
        }
    }
}
