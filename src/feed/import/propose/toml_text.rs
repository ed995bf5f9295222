//! Texts of a file as TOML, whatever is in them.

/// Of a value or a key.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            letter if letter.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(letter))),
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}

pub(super) fn texts(all: &[impl AsRef<str>]) -> String {
    format!("[{}]", all.iter().map(|text| quoted(text.as_ref())).collect::<Vec<_>>().join(", "))
}

/// A column, or the first filled of several. A name with braces is no template here.
pub(super) fn take(columns: &[&str]) -> String {
    match columns {
        [one] => format!("{{ column = {} }}", quoted(one)),
        all => format!("{{ columns = {} }}", texts(all)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_is_read_back_as_it_was() {
        for text in ["办结\n时间", "a\"b\\c", "'''", "{x}", "\u{202e}\u{7f}\t", "", "\" }, map = \"x"] {
            let read: toml::Table = format!("{} = [{}]", quoted(text), quoted(text)).parse().unwrap();
            assert_eq!(read.keys().next().unwrap(), text);
            assert_eq!(read[text].as_array().unwrap()[0].as_str(), Some(text));
        }
    }
}
