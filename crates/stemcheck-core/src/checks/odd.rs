//! Which files differ from the rest. Decides who is the odd one; does not say what follows from it.

/// What most files have in common, and those that have it not.
pub(super) struct Split<T> {
    /// The value that occurs most often (of equals, the first in the song's order).
    pub common: T,
    /// How many files have it.
    pub count: usize,
    /// Files with another value, in the song's order.
    pub odd: Vec<usize>,
    /// How many different values there are.
    pub kinds: usize,
}

/// Compares one property of the files; `None` if it is the same everywhere.
pub(super) fn odd_ones<T: Copy + PartialEq>(files: &[(usize, T)]) -> Option<Split<T>> {
    let mut kinds: Vec<(T, usize)> = Vec::new();
    for &(_, value) in files {
        match kinds.iter_mut().find(|(known, _)| *known == value) {
            Some((_, count)) => *count += 1,
            None => kinds.push((value, 1)),
        }
    }
    if kinds.len() < 2 {
        return None;
    }
    // `max_by_key` would return the last of equals.
    let &(common, count) = kinds.iter().rev().max_by_key(|(_, count)| *count)?;
    let odd = files.iter().filter(|(_, value)| *value != common).map(|&(index, _)| index).collect();
    Some(Split { common, count, odd, kinds: kinds.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_minority_is_odd_and_of_equals_the_later_one() {
        assert!(odd_ones(&[(0, 48), (1, 48)]).is_none());
        let odd = odd_ones(&[(0, 44), (2, 48), (3, 48)]).unwrap();
        assert_eq!((odd.common, odd.count, odd.odd, odd.kinds), (48, 2, vec![0], 2));
        assert_eq!(odd_ones(&[(0, 44), (1, 48)]).unwrap().odd, [1]);
    }
}
