//! Names come from outside: in text and in attributes they are nothing but text.

use crate::report::table::printable;

pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in printable(text).chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_is_markup() {
        assert_eq!(escaped("<b onclick='x'>&\"\u{7}"), "&lt;b onclick=&#39;x&#39;&gt;&amp;&quot;\u{fffd}");
    }
}
