//! Panics: said by place and rule, never with the text that they happened on.
//!
//! The message of a panic may quote what was being checked ("byte index 3 is not a char boundary; it is inside …"), so the
//! standard hook, which prints it, is replaced.

use std::cell::Cell;
use std::panic;

thread_local! {
    static RULE: Cell<Option<&'static str>> = const { Cell::new(None) };
}

/// Runs something for a rule, so that a panic in it is said to be the rule's.
pub(crate) fn within<T>(rule: &'static str, run: impl FnOnce() -> T) -> T {
    // Put back even where a panic goes on through here; the hook has been called by then.
    struct Back(Option<&'static str>);
    impl Drop for Back {
        fn drop(&mut self) {
            RULE.set(self.0);
        }
    }
    let _back = Back(RULE.replace(Some(rule)));
    run()
}

/// Installs a hook that hands place ("src/check/word.rs:40:9") and rule of a panic to `report`, and nothing else.
pub fn hook(report: impl Fn(&str, Option<&'static str>) + Send + Sync + 'static) {
    panic::set_hook(Box::new(move |info| {
        let place = info.location().map_or_else(|| "unknown place".to_owned(), ToString::to_string);
        report(&place, RULE.get());
    }));
}
