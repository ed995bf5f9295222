//! What a later row states holds; what it leaves out stays.

use smol_str::SmolStr;

pub(super) fn restate<T: Copy>(known: &mut Option<T>, later: Option<T>) {
    *known = later.or(*known);
}

pub(super) fn restate_text(known: &mut SmolStr, later: &SmolStr) {
    if !later.is_empty() {
        *known = later.clone();
    }
}
