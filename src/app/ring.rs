//! Places that follow each other round and round: fields, and what is chosen in them.

/// The place so many further in a ring, or before it.
pub fn further(at: usize, by: isize, len: usize) -> usize {
    (at as isize + by).rem_euclid(len.max(1) as isize) as usize
}

/// What stands so many further among these; the one itself where it does not stand there.
pub fn after<T: Copy + PartialEq>(all: &[T], one: T, by: isize) -> T {
    let at = all.iter().position(|other| *other == one);
    at.map_or(one, |at| all[further(at, by, all.len())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_goes_round_both_ways_and_from_nowhere_stays() {
        for len in 1..5 {
            let all: Vec<usize> = (0..len).collect();
            let round = |by| all.iter().fold(0, |one, _| after(&all, one, by));
            assert_eq!((round(1), round(-1)), (0, 0));
            assert_eq!(after(&all, 0, -1), len - 1);
            assert_eq!(after(&all, 9, 1), 9);
        }
        assert_eq!(further(0, 1, 0), 0);
    }
}
