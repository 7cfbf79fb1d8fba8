//! A server that takes what is asked and never answers.

use certdeck::certcentral::ClientOptions;
use certdeck::certcentral::transport::ExchangeLimits;

use crate::account::Server;
use crate::desk::Desk;
use crate::draw;

/// What is on the screen, without the gaps that a line's end makes.
fn screen(desk: &Desk<'_>) -> String {
    let text = draw::text(&desk.model);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn what_a_server_that_hangs_is_told_of_in_the_end_and_what_was_there_stays() {
    let server = Server::start();
    // The limits of the client, in a hundredth of the time.
    let options = ClientOptions {
        read_limits: ExchangeLimits {
            headers: ExchangeLimits::READ.headers / 100,
            idle: ExchangeLimits::READ.idle / 100,
            ..ExchangeLimits::READ
        },
        ..ClientOptions::default()
    };
    let mut desk = Desk::with_options(&server, server.sandbox().key(), options);
    let order = desk.model.current_order().expect("an order").to_string();
    let before = server.sandbox().calls_of("orders");
    server.sandbox().set_faults("hang").unwrap();
    desk.press("R");
    assert!(screen(&desk).contains("loading"), "{}", screen(&desk));
    desk.settle();
    // Asked twice, not for ever.
    assert_eq!(server.sandbox().calls_of("orders"), before + 2);
    let text = screen(&desk);
    assert!(text.contains("no response"), "{text}");
    assert!(text.contains("Try again later"), "{text}");
    assert!(text.contains(&order), "{text}");

    // It answers again: nothing is left of it.
    server.sandbox().set_faults("").unwrap();
    desk.press("R");
    desk.settle();
    let text = screen(&desk);
    assert!(!text.contains("no response"), "{text}");
    assert!(text.contains(&order), "{text}");
}
