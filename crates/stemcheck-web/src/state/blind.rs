//! The blind test: X is one of two, and only ears may tell which. A round is a coin, as many looks at
//! A, B and X as wanted, and a guess. Says honestly what a score is worth.

use stemcheck_session::core::preview::Bus;

/// What can be listened to in a blind test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The first bus.
    A,
    /// The second.
    B,
    /// One of them.
    X,
}

/// A blind test that is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blind {
    /// What A and B are.
    pub pair: [Bus; 2],
    /// What is heard.
    pub heard: Side,
    /// Right guesses, and all.
    pub right: u32,
    /// See `right`.
    pub rounds: u32,
    /// Whether the last guess was right.
    pub last: Option<bool>,
    x_is_b: bool,
}

impl Blind {
    /// Begins; `coin` says what X is.
    pub fn new(pair: [Bus; 2], coin: bool) -> Self {
        Self { pair, heard: Side::A, right: 0, rounds: 0, last: None, x_is_b: coin }
    }

    /// The bus that is heard.
    pub fn bus(&self) -> Bus {
        let second = match self.heard {
            Side::A => false,
            Side::B => true,
            Side::X => self.x_is_b,
        };
        self.pair[usize::from(second)]
    }

    /// X was guessed to be B, or A; the next round's X is `coin`'s to say.
    pub fn guess(&mut self, is_b: bool, coin: bool) {
        let right = is_b == self.x_is_b;
        self.rounds += 1;
        self.right += u32::from(right);
        self.last = Some(right);
        self.x_is_b = coin;
    }

    /// How likely a score at least as good is by mere guessing, 0 to 1.
    pub fn chance(&self) -> f64 {
        let rounds = f64::from(self.rounds);
        let (mut ways, mut sum) = (1.0, 0.0);
        for k in 0..=self.rounds {
            if k >= self.right {
                sum += ways;
            }
            ways *= (rounds - f64::from(k)) / (f64::from(k) + 1.0);
        }
        sum * 0.5f64.powi(self.rounds.min(1000) as i32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn x_is_what_the_coin_said_and_guesses_are_counted() {
        let mut blind = Blind::new([Bus::Reference, Bus::Master], true);
        let mut heard = |side| {
            blind.heard = side;
            blind.bus()
        };
        assert_eq!(
            [Side::A, Side::B, Side::X].map(&mut heard),
            [Bus::Reference, Bus::Master, Bus::Master]
        );
        blind.guess(true, false);
        assert_eq!((blind.right, blind.rounds, blind.last), (1, 1, Some(true)));
        assert_eq!(blind.bus(), Bus::Reference, "the coin was thrown again");
        blind.guess(true, true);
        assert_eq!((blind.right, blind.rounds, blind.last), (1, 2, Some(false)));
    }

    #[test]
    fn the_chance_of_a_score_is_the_binomial_one() {
        let score = |right, rounds| Blind { right, rounds, ..Blind::new([Bus::Stems; 2], false) };
        for (right, rounds, chance) in [
            (0, 0, 1.0),
            (5, 5, 1.0 / 32.0),
            (4, 5, 6.0 / 32.0),
            (0, 7, 1.0),
            (9, 10, 11.0 / 1024.0),
        ] {
            assert!((score(right, rounds).chance() - chance).abs() < 1e-12, "{right} of {rounds}");
        }
    }
}
