//! Which rows of a long list are in the page: those near what is visible. Pure.

use std::ops::Range;

/// Up to so many rows are all there in the end, so that the browser finds in them and prints them.
pub const MOST: usize = 200;
/// Rows above and below what is visible, at first and of a long list wherever the eye rests.
pub const MARGIN: usize = 12;
/// The window moves by so many rows at once, so that not every step of scrolling draws.
const STEP: usize = 6;

/// What one group takes up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    pub has_heading: bool,
    pub rows: usize,
    /// Below its rows stands that more are to come.
    pub has_tail: bool,
    /// So many rows are known to come with its first page: what stands below them is to stay where it is.
    pub awaited: usize,
}

impl Extent {
    /// How high it is below its rows.
    pub fn below(&self, heights: Heights) -> usize {
        let tail = if self.has_tail { heights.tail } else { 0 };
        tail.max(self.awaited * heights.row)
    }

    /// How much of that nothing stands in.
    pub fn gap(&self, heights: Heights) -> usize {
        let tail = if self.has_tail { heights.tail } else { 0 };
        self.below(heights) - tail
    }
}

/// Of each kind of part, in pixels of CSS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heights {
    pub heading: usize,
    pub row: usize,
    pub tail: usize,
}

/// What of the page is visible: pixels from the top of the first group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Visible {
    pub top: usize,
    pub height: usize,
}

/// The rows of each group that are to be in the page: those that are visible, and `margin` above and below.
pub fn windows(extents: &[Extent], heights: Heights, visible: Visible, margin: usize) -> Vec<Range<usize>> {
    let rows: usize = extents.iter().map(|extent| extent.rows).sum();
    if rows <= margin || heights.row == 0 {
        return extents.iter().map(|extent| 0..extent.rows).collect();
    }
    // Without a margin it is drawn for this moment alone.
    let step = if margin == 0 { 1 } else { STEP };
    let mut top = 0;
    let mut windows = Vec::with_capacity(extents.len());
    for extent in extents {
        top += if extent.has_heading { heights.heading } else { 0 };
        let first = visible.top.saturating_sub(top) / heights.row;
        let end = (visible.top + visible.height).saturating_sub(top).div_ceil(heights.row);
        let first = first.saturating_sub(margin) / step * step;
        let end = (end + margin).div_ceil(step) * step;
        let is_near = top <= visible.top + visible.height + margin * heights.row;
        let end = if is_near { end.min(extent.rows) } else { 0 };
        windows.push(first.min(end)..end);
        top += extent.rows * heights.row + extent.below(heights);
    }
    windows
}

/// The window in pieces, with one more row that has to stay in the page: the one that has the focus.
pub fn pieces(window: Range<usize>, kept: Option<usize>) -> Vec<Range<usize>> {
    match kept {
        Some(kept) if kept < window.start => vec![kept..kept + 1, window],
        Some(kept) if kept >= window.end => vec![window, kept..kept + 1],
        Some(_) | None => vec![window],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VISIBLE: Visible = Visible { top: 0, height: 600 };
    const HEIGHTS: Heights = Heights { heading: 36, row: 36, tail: 48 };

    /// Where a row begins: pixels from the top of the first group.
    fn place(extents: &[Extent], heights: Heights, group: usize, row: usize) -> usize {
        let mut top = 0;
        for (index, extent) in extents.iter().enumerate() {
            top += if extent.has_heading { heights.heading } else { 0 };
            if index == group {
                return top + row * heights.row;
            }
            top += extent.rows * heights.row + extent.below(heights);
        }
        top
    }

    fn extent(rows: usize) -> Extent {
        Extent { has_heading: true, rows, has_tail: false, awaited: 0 }
    }

    #[test]
    fn a_list_that_is_not_long_is_all_there() {
        let all = windows(&[extent(150), extent(50)], HEIGHTS, VISIBLE, 200);
        assert_eq!(all, [0..150, 0..50]);
        let first = windows(&[extent(150), extent(50)], HEIGHTS, VISIBLE, MARGIN);
        assert_eq!(first, [0..30, 0..0], "what is visible comes first");
    }

    #[test]
    fn of_a_long_list_what_is_visible_is_always_there_and_little_else() {
        let coming = Extent { has_tail: true, awaited: 30, ..extent(0) };
        let groups = [extent(3), coming, extent(10_000), Extent { has_tail: true, ..extent(400) }, extent(5)];
        let total = place(&groups, HEIGHTS, 4, 5);
        for top in (0..total).step_by(97) {
            let visible = Visible { top, height: 700 };
            let windows = windows(&groups, HEIGHTS, visible, MARGIN);
            let there: usize = windows.iter().map(ExactSizeIterator::len).sum();
            assert!(there < 70, "{there} rows at {top}");
            for (group, extent) in groups.iter().enumerate() {
                for row in 0..extent.rows {
                    let begins = place(&groups, HEIGHTS, group, row);
                    if begins + HEIGHTS.row > top && begins < top + 700 {
                        assert!(windows[group].contains(&row), "row {row} of group {group} at {top}");
                    }
                }
            }
        }
    }

    #[test]
    fn whoever_passes_over_a_long_list_is_shown_what_they_pass_and_nothing_else() {
        let groups = [extent(3), extent(10_000), extent(400)];
        for top in (0..place(&groups, HEIGHTS, 2, 400)).step_by(97) {
            let windows = windows(&groups, HEIGHTS, Visible { top, height: 700 }, 0);
            for (group, extent) in groups.iter().enumerate() {
                let visible = (0..extent.rows).filter(|row| {
                    let begins = place(&groups, HEIGHTS, group, *row);
                    begins + HEIGHTS.row > top && begins < top + 700
                });
                assert_eq!(
                    visible.collect::<Vec<_>>(),
                    windows[group].clone().collect::<Vec<_>>(),
                    "group {group} at {top}"
                );
            }
        }
    }

    #[test]
    fn a_group_is_as_high_before_its_rows_have_come_as_afterwards() {
        let coming = Extent { has_tail: true, awaited: 30, ..extent(0) };
        assert_eq!(coming.below(HEIGHTS), 30 * HEIGHTS.row);
        assert_eq!(coming.gap(HEIGHTS), 30 * HEIGHTS.row - HEIGHTS.tail);
        assert_eq!(Extent { awaited: 1, ..coming }.gap(HEIGHTS), 0, "what says so is higher than the row");
        assert_eq!(Extent { has_tail: true, ..extent(50) }.below(HEIGHTS), HEIGHTS.tail);
    }

    #[test]
    fn scrolling_a_row_further_mostly_changes_nothing() {
        let groups = [extent(10_000)];
        let at = |top| windows(&groups, HEIGHTS, Visible { top, height: 720 }, MARGIN);
        let changes = (0..600).filter(|row| at(row * 36) != at((row + 1) * 36)).count();
        assert!(changes <= 2 * 600 / STEP, "{changes}");
    }

    #[test]
    fn the_row_with_the_focus_stays_where_it_is() {
        let of =
            |kept| pieces(10..20, kept).into_iter().map(|piece| (piece.start, piece.end)).collect::<Vec<_>>();
        assert_eq!(of(None), [(10, 20)]);
        assert_eq!(of(Some(15)), [(10, 20)]);
        assert_eq!(of(Some(3)), [(3, 4), (10, 20)]);
        assert_eq!(of(Some(20)), [(10, 20), (20, 21)]);
    }
}
