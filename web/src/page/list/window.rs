//! Which rows of a long list are in the page: those near what is visible. Pure.

use std::ops::Range;

/// Up to so many rows are all there, so that the browser finds in them and prints them.
pub const MOST: usize = 200;
/// Rows above and below what is visible.
const MARGIN: usize = 12;
/// The window moves by so many rows at once, so that not every step of scrolling draws.
const STEP: usize = 6;

/// What one group takes up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    pub has_heading: bool,
    pub rows: usize,
    /// Below its rows more are to come.
    pub has_tail: bool,
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

/// The rows of each group that are to be in the page.
pub fn windows(extents: &[Extent], heights: Heights, visible: Visible) -> Vec<Range<usize>> {
    let rows: usize = extents.iter().map(|extent| extent.rows).sum();
    if rows <= MOST || heights.row == 0 {
        return extents.iter().map(|extent| 0..extent.rows).collect();
    }
    let mut top = 0;
    let mut windows = Vec::with_capacity(extents.len());
    for extent in extents {
        top += if extent.has_heading { heights.heading } else { 0 };
        let first = visible.top.saturating_sub(top) / heights.row;
        let end = (visible.top + visible.height).saturating_sub(top).div_ceil(heights.row);
        let first = first.saturating_sub(MARGIN) / STEP * STEP;
        let end = (end + MARGIN).div_ceil(STEP) * STEP;
        let is_near = top <= visible.top + visible.height + MARGIN * heights.row;
        let end = if is_near { end.min(extent.rows) } else { 0 };
        windows.push(first.min(end)..end);
        top += extent.rows * heights.row + if extent.has_tail { heights.tail } else { 0 };
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

    const HEIGHTS: Heights = Heights { heading: 36, row: 36, tail: 48 };

    /// Where a row begins: pixels from the top of the first group.
    fn place(extents: &[Extent], heights: Heights, group: usize, row: usize) -> usize {
        let mut top = 0;
        for (index, extent) in extents.iter().enumerate() {
            top += if extent.has_heading { heights.heading } else { 0 };
            if index == group {
                return top + row * heights.row;
            }
            top += extent.rows * heights.row + if extent.has_tail { heights.tail } else { 0 };
        }
        top
    }

    fn extent(rows: usize) -> Extent {
        Extent { has_heading: true, rows, has_tail: false }
    }

    #[test]
    fn a_list_that_is_not_long_is_all_there() {
        let all = windows(&[extent(150), extent(50)], HEIGHTS, Visible { top: 0, height: 600 });
        assert_eq!(all, [0..150, 0..50]);
    }

    #[test]
    fn of_a_long_list_what_is_visible_is_always_there_and_little_else() {
        let groups = [extent(3), extent(10_000), Extent { has_tail: true, ..extent(400) }, extent(5)];
        let total = place(&groups, HEIGHTS, 3, 5);
        for top in (0..total).step_by(97) {
            let visible = Visible { top, height: 700 };
            let windows = windows(&groups, HEIGHTS, visible);
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
    fn scrolling_a_row_further_mostly_changes_nothing() {
        let groups = [extent(10_000)];
        let at = |top| windows(&groups, HEIGHTS, Visible { top, height: 720 });
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
