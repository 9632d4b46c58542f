//! Medians, and ratios of what was measured in the same round.

use std::fmt;

/// The middle of some figures, with the least and the greatest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spread {
    pub(crate) least: f64,
    pub(crate) median: f64,
    pub(crate) greatest: f64,
}

impl Spread {
    /// Of no figures there is none.
    pub(crate) fn of(figures: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut figures: Vec<f64> = figures.into_iter().collect();
        figures.sort_by(f64::total_cmp);
        let (least, greatest) = (*figures.first()?, *figures.last()?);
        let upper = *figures.get(figures.len() / 2)?;
        let lower = *figures.get((figures.len() - 1) / 2)?;
        Some(Spread { least, median: f64::midpoint(lower, upper), greatest })
    }

    /// Of the ratios of figures that were measured together.
    pub(crate) fn of_ratios(ours: &[f64], theirs: &[f64]) -> Option<Self> {
        Self::of(ours.iter().zip(theirs).map(|(ours, theirs)| ours / theirs))
    }

    /// Whether the figures differ by more than twice: then they say little.
    pub(crate) fn is_wide(self) -> bool {
        self.greatest > 2.0 * self.least
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = formatter.precision().unwrap_or(2);
        let Spread { least, median, greatest } = self;
        write!(formatter, "{median:.digits$} ({least:.digits$}..{greatest:.digits$})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_is_of_the_ratios_and_not_of_what_they_are_of() {
        let spread = Spread::of_ratios(&[10.0, 90.0, 30.0], &[20.0, 100.0, 30.0]).unwrap();
        assert_eq!((spread.least, spread.median, spread.greatest), (0.5, 0.9, 1.0));
        assert_eq!(spread.to_string(), "0.90 (0.50..1.00)");
        assert!(!spread.is_wide());
        assert!(Spread::of([1.0, 2.1]).unwrap().is_wide());
        assert_eq!(Spread::of([1.0, 2.0]).unwrap().median, 1.5);
        assert_eq!(Spread::of([]), None);
    }
}
