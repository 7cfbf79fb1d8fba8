//! The bookkeeping of a reading, page by page.

use super::order;
use crate::certcentral::endpoints::Unread;
use crate::domain::ids::OrderId;
use crate::domain::packed::{Row, Rows};
use crate::sync::OrderPage;
use crate::sync::listing::Listing;

fn page(ids: &[u64], total: u64) -> OrderPage {
    OrderPage {
        rows: ids.iter().map(|&id| order(id)).collect(),
        unread: Vec::new(),
        total: Some(total),
    }
}

/// A reading in pages of three, of pages that came at these offsets; each with what is wanted next.
fn read(pages: &[(u64, &[u64], u64)]) -> (Listing, Vec<Vec<u64>>) {
    let mut listing = Listing::new(3);
    let mut wanted = Vec::new();
    for (offset, ids, total) in pages {
        assert_eq!(listing.upcoming(1), [*offset]);
        listing.take(*offset, page(ids, *total));
        wanted.push(listing.upcoming(2));
    }
    (listing, wanted)
}

fn removed(listing: &Listing, known: u64) -> Vec<u64> {
    let known: Vec<OrderId> = (1..=known).map(OrderId).collect();
    listing.removed(&known).into_iter().map(|id| id.0).collect()
}

#[test]
fn pages_overlap_by_a_row_and_the_last_is_not_asked_for_its_overlap_alone() {
    let (listing, wanted) = read(&[(0, &[1, 2, 3], 7), (2, &[3, 4, 5], 7), (4, &[5, 6, 7], 7)]);
    assert_eq!(wanted, [vec![2, 4], vec![4], vec![]]);
    assert!(listing.is_complete() && listing.ended());
    assert_eq!((listing.done(), listing.total()), (7, 7));
    assert_eq!(removed(&listing, 9), [8, 9]);
    assert_eq!(listing.lacks(), None);
}

#[test]
fn a_page_that_does_not_join_on_sends_the_reading_back_a_page() {
    // Order 1 left after the first page came.
    let (listing, wanted) = read(&[
        (0, &[1, 2, 3], 7),
        (2, &[4, 5, 6], 6),
        (0, &[2, 3, 4], 6),
        (2, &[4, 5, 6], 6),
        (4, &[6, 7], 6),
    ]);
    assert_eq!(
        wanted,
        [vec![2, 4], vec![0, 2], vec![2, 4], vec![4], vec![]]
    );
    assert!(
        listing.is_complete(),
        "what came again without news was read before"
    );
    assert_eq!(removed(&listing, 7), [0; 0]);
}

#[test]
fn it_goes_back_by_a_page_and_no_further() {
    let (listing, wanted) = read(&[
        (0, &[1, 2, 3], 9),
        (2, &[3, 4, 5], 9),
        (4, &[6, 7, 8], 8),
        (2, &[4, 5, 6], 8),
        (4, &[6, 7, 8], 8),
        (6, &[8, 9], 8),
    ]);
    assert_eq!(wanted[2], [2, 4]);
    assert!(listing.is_complete());
}

#[test]
fn the_reading_goes_back_five_times_and_then_on_without_calling_itself_whole() {
    let mut listing = Listing::new(3);
    let (mut next_id, mut back, mut taken) = (1, 0, 0);
    while !listing.ended() {
        let offset = listing.upcoming(1)[0];
        let ids: Vec<u64> = (next_id..next_id + 3).collect();
        next_id += 3;
        listing.take(offset, page(&ids, 20));
        back += u32::from(
            listing
                .upcoming(1)
                .first()
                .is_some_and(|next| *next < offset),
        );
        taken += 1;
        assert!(taken < 40);
    }
    assert_eq!(back, 5);
    assert!(!listing.is_complete());
    assert_eq!(removed(&listing, 100), [0; 0], "absence means nothing");
    assert!(listing.lacks().is_some());
}

#[test]
fn a_list_that_counts_more_than_it_gives_is_left_after_twenty_empty_pages() {
    let mut listing = Listing::new(3);
    let mut taken = 0;
    while !listing.ended() {
        let offset = listing.upcoming(1)[0];
        // One row further each time, and no news.
        listing.take(offset, page(&[1], 1000));
        taken += 1;
        assert!(taken < 100, "asked for ever");
    }
    assert_eq!(taken, 22);
    assert!(!listing.is_complete());
}

#[test]
fn a_row_that_cannot_be_read_keeps_the_reading_from_being_whole_until_it_was_asked_for() {
    for named in [Some(4), None] {
        let mut listing = Listing::new(3);
        listing.take(0, page(&[1, 2, 3], 5));
        let odd = OrderPage {
            rows: Rows::from_iter([order(3), order(5)]),
            unread: vec![Unread { at: 1, id: named }],
            total: Some(5),
        };
        listing.take(2, odd);
        assert!(listing.ended() && !listing.is_complete());
        let known: Vec<OrderId> = (1..=6).map(OrderId).collect();
        let doubtful: Vec<u64> = listing.doubtful(&known).iter().map(|id| id.0).collect();
        assert_eq!(doubtful, if named.is_some() { vec![4] } else { vec![4, 6] });
        let status = crate::domain::status::OrderStatus::Issued;
        listing.settle(&crate::sync::named::Answer {
            found: vec![(OrderId(4), status)],
            gone: if named.is_some() {
                Vec::new()
            } else {
                vec![OrderId(6)]
            },
            unread: Vec::new(),
        });
        assert!(listing.is_complete());
        assert_eq!(removed(&listing, 6), [6]);
    }
}

#[test]
fn a_row_without_a_number_that_nobody_asked_about_stands_for_any() {
    let mut listing = Listing::new(3);
    let odd = OrderPage {
        rows: Rows::from_iter([order(1), order(2)]),
        unread: vec![Unread { at: 2, id: None }],
        total: Some(2),
    };
    listing.take(0, odd);
    assert!(listing.is_complete());
    assert_eq!(removed(&listing, 3), [0; 0], "it may be the third");
}

/// A page of rows that cannot be read (`None` for one that does not say its number) and rows that can.
fn odd(rows: &[(bool, Option<u64>)], total: Option<u64>) -> OrderPage {
    let mut page = OrderPage {
        total,
        ..OrderPage::default()
    };
    for (at, (is_read, id)) in rows.iter().enumerate() {
        match id {
            Some(id) if *is_read => page.rows.push(&Row::from(&order(*id))),
            id => page.unread.push(Unread { at, id: *id }),
        }
    }
    page
}

#[test]
fn a_page_joins_on_by_its_first_row_also_where_that_cannot_be_read() {
    let (read, unread, nameless) = (
        |id| (true, Some(id)),
        |id| (false, Some(id)),
        || (false, None),
    );
    for (last, first, joins) in [
        (read(3), read(3), true),
        (read(3), unread(3), true),
        (unread(3), read(3), true),
        (unread(3), unread(3), true),
        (nameless(), nameless(), true),
        (read(3), read(4), false),
        (read(3), unread(4), false),
        (unread(3), unread(4), false),
        // What does not say its number may be any, but for the one that ended the page before.
        (read(3), nameless(), false),
        (unread(3), nameless(), false),
    ] {
        let mut listing = Listing::new(3);
        listing.take(0, odd(&[read(1), read(2), last], Some(9)));
        listing.take(2, odd(&[first, read(5), read(6)], Some(9)));
        let goes_on = listing.upcoming(1) == [4];
        assert_eq!(goes_on, joins, "{last:?} {first:?}");
    }
    // One in the middle says nothing of the end.
    for rows in [
        [nameless(), read(2), read(3)],
        [read(1), nameless(), read(3)],
    ] {
        let mut listing = Listing::new(3);
        listing.take(0, odd(&rows, Some(9)));
        listing.take(2, odd(&[nameless(), read(5), read(6)], Some(9)));
        assert_eq!(listing.upcoming(1), [0], "{rows:?}");
    }
    // An unreadable row behind the first keeps nothing from joining on.
    let mut listing = Listing::new(3);
    listing.take(0, odd(&[read(1), read(2), read(3)], Some(9)));
    listing.take(2, odd(&[read(3), unread(4), read(5)], Some(9)));
    assert_eq!(listing.upcoming(1), [4]);
}

#[test]
fn a_list_is_whole_only_where_each_of_its_pages_told_how_many_there_are() {
    for told in [[true, true], [true, false], [false, true], [false, false]] {
        let total = |told: bool| told.then_some(5);
        let rows = |ids: [u64; 3]| ids.map(|id| (true, Some(id)));
        let mut listing = Listing::new(3);
        listing.take(0, odd(&rows([1, 2, 3]), total(told[0])));
        listing.take(2, odd(&rows([3, 4, 5]), total(told[1])));
        assert_eq!(listing.is_complete(), told == [true, true], "{told:?}");
    }
}

#[test]
fn a_page_without_rows_is_the_end_whatever_the_account_counts() {
    let mut listing = Listing::new(3);
    listing.take(0, page(&[1, 2, 3], 9));
    listing.take(2, page(&[], 9));
    // It does not join on, and is tried again from the page before.
    assert_eq!(listing.upcoming(1), [0]);
    listing.take(0, page(&[], 9));
    assert!(listing.ended() && !listing.is_complete());
    assert_eq!(removed(&listing, 9), [0; 0]);
    let mut listing = Listing::new(3);
    listing.take(0, page(&[], 9));
    assert!(listing.ended() && !listing.is_complete());
}

#[test]
fn what_was_read_before_the_reading_went_back_may_come_again_and_no_more() {
    let (mut listing, _) = read(&[
        (0, &[1, 2, 3], 9),
        (2, &[4, 5, 6], 9),
        (0, &[2, 3, 4], 9),
        (2, &[4, 5, 6], 9),
    ]);
    listing.take(4, page(&[6, 5], 9));
    assert!(
        listing.ended() && !listing.is_complete(),
        "no page was turned"
    );
}

#[test]
fn a_page_shorter_than_asked_for_sets_how_long_the_next_ones_are() {
    for (rows, limit, next) in [
        (1, 2, vec![1, 2]),
        (2, 2, vec![1, 2]),
        (3, 3, vec![2, 4]),
        (4, 4, vec![3, 6]),
        // More than was asked for is taken, and not asked for.
        (5, 4, vec![4, 7]),
    ] {
        let mut listing = Listing::new(4);
        let ids: Vec<u64> = (1..=rows).collect();
        listing.take(0, page(&ids, 90));
        assert_eq!(listing.limit(), limit, "{rows}");
        assert_eq!(listing.upcoming(2), next, "{rows}");
    }
}
