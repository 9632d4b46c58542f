//! Where tasks stand in the hours of a day: those near each other side by side, what does not fit counted. Pure.

/// The place of one task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Minutes past midnight at which it is drawn.
    pub top: u32,
    /// Its column, of how many.
    pub column: u32,
    pub columns: u32,
}

/// Tasks that found no place, counted where they would have stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rest {
    pub place: Place,
    pub count: u32,
}

/// Lays out what begins at `starts` (minutes past midnight, in order) and is `length` minutes high, in at most `most` columns; `None`
/// for what found no place.
pub fn lay_out(starts: &[u32], length: u32, most: u32) -> (Vec<Option<Place>>, Vec<Rest>) {
    let latest = super::days::DAY.saturating_sub(length);
    let mut places = Vec::with_capacity(starts.len());
    let mut rests = Vec::new();
    let mut waiting = starts.iter().map(|start| (*start).min(latest)).peekable();
    while let Some(first) = waiting.next() {
        // What touches the next, and that the one after it, share their columns.
        let mut cluster = vec![first];
        let mut end = first + length;
        while let Some(next) = waiting.next_if(|next| *next < end) {
            end = next + length;
            cluster.push(next);
        }
        place_cluster(&cluster, length, most, &mut places, &mut rests);
    }
    (places, rests)
}

fn place_cluster(
    tops: &[u32],
    length: u32,
    most: u32,
    places: &mut Vec<Option<Place>>,
    rests: &mut Vec<Rest>,
) {
    let mut ends: Vec<u32> = Vec::new();
    let mut columns = Vec::with_capacity(tops.len());
    for top in tops {
        let column = ends.iter().position(|end| end <= top).unwrap_or(ends.len());
        match ends.get_mut(column) {
            Some(end) => *end = top + length,
            None => ends.push(top + length),
        }
        columns.push(u32::try_from(column).unwrap_or(u32::MAX));
    }
    let count = u32::try_from(ends.len()).unwrap_or(u32::MAX);
    // The last column says how many there are besides.
    let shown = if count > most { most.saturating_sub(1) } else { count };
    let columns_drawn = count.min(most).max(1);
    let mut rest: Option<Rest> = None;
    for (top, column) in tops.iter().copied().zip(columns) {
        let fits = column < shown;
        places.push(fits.then_some(Place { top, column, columns: columns_drawn }));
        if !fits {
            let place = Place { top, column: shown, columns: columns_drawn };
            rest.get_or_insert(Rest { place, count: 0 }).count += 1;
        }
    }
    rests.extend(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(starts: &[u32], most: u32) -> Vec<Option<(u32, u32)>> {
        let (places, _) = lay_out(starts, 30, most);
        places.into_iter().map(|place| place.map(|place| (place.column, place.columns))).collect()
    }

    #[test]
    fn apart_they_take_the_whole_width() {
        assert_eq!(columns(&[540, 570, 1080], 3), [Some((0, 1)); 3]);
        assert_eq!(columns(&[], 3), []);
    }

    #[test]
    fn together_they_stand_side_by_side() {
        assert_eq!(columns(&[540, 540], 3), [Some((0, 2)), Some((1, 2))]);
        assert_eq!(columns(&[540, 555, 570], 3), [Some((0, 2)), Some((1, 2)), Some((0, 2))]);
    }

    #[test]
    fn what_does_not_fit_is_counted() {
        let (places, rests) = lay_out(&[1080; 7], 30, 3);
        assert_eq!(places.iter().flatten().count(), 2);
        assert_eq!(rests, [Rest { place: Place { top: 1080, column: 2, columns: 3 }, count: 5 }]);
        let (places, rests) = lay_out(&[600, 600], 30, 1);
        assert_eq!((places, rests[0].count), (vec![None, None], 2));
    }

    #[test]
    fn the_last_minutes_of_a_day_stay_in_it() {
        let (places, _) = lay_out(&[1439], 30, 3);
        assert_eq!(places[0].map(|place| place.top), Some(1410));
    }
}
