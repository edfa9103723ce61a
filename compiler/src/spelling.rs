//! Which name was meant: the nearest of those that there are.

/// The name of `known` that `wrong` was surely meant to be: at most a third of its letters differ, and of a short one not all.
pub fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wrong = wrong.to_lowercase();
    let length = wrong.chars().count();
    let limit = (length / 3).max(1);
    known
        .into_iter()
        .filter_map(|name| {
            let other = name.chars().count();
            let distance = (length.abs_diff(other) <= limit).then(|| edit_distance(&wrong, &name.to_lowercase()))?;
            (distance <= limit && distance * 2 <= length.max(other)).then_some((distance, name))
        })
        .min()
        .map(|(_, name)| name)
}

/// Insertions, deletions, replacements and swaps of neighbours that turn one word into the other
/// (optimal string alignment; Damerau 1964).
fn edit_distance(left: &str, right: &str) -> usize {
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=right.len()).collect()];
    for (i, a) in left.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in right.iter().enumerate() {
            let cell = |row: &[usize], column: usize| row.get(column).copied().unwrap_or(usize::MAX / 2);
            let above = rows.last().map_or(&[][..], Vec::as_slice);
            let mut best = (cell(above, j) + usize::from(a != b)).min(cell(above, j + 1) + 1).min(cell(&row, j) + 1);
            let swapped = i > 0 && j > 0 && left.get(i - 1) == Some(b) && right.get(j - 1) == Some(a);
            if let (true, Some(two_above)) = (swapped, rows.len().checked_sub(2).and_then(|at| rows.get(at))) {
                best = best.min(cell(two_above, j - 1) + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows.last().and_then(|row| row.last()).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_close() {
        let known = ["price", "product", "name"];
        assert_eq!(nearest("pirce", known), Some("price"));
        assert_eq!(nearest("Nme", known), Some("name"));
        assert_eq!(nearest("quantity", known), None);
        assert_eq!(nearest("a", ["b"]), None);
        assert_eq!(nearest("Nt", ["Int"]), Some("Int"));
    }
}
