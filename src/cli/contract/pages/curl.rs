//! A request as a line that works when it is pasted into a shell.

use serde_json::Value;

/// `base` is the variable that holds the address; `bearer` the one with the key, where there is one.
pub(super) fn line(base: &str, address: &str, bearer: Option<&str>, body: Option<(&str, &Value)>) -> String {
    let mut line = format!("curl -sS \"${base}{address}\"");
    if let Some(key) = bearer {
        line += &format!(" -H \"authorization: Bearer ${key}\"");
    }
    if let Some((media, example)) = body {
        // A text goes as it is, line ends and all.
        let text = example.as_str().map_or_else(|| example.to_string(), str::to_owned);
        line += &format!(" -H 'content-type: {media}' --data-binary {}", quoted(&text));
    }
    line
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_shell_would_read_otherwise_is_quoted() {
        let body = json!({"a": "it's $HOME"});
        assert_eq!(
            line("INLET", "/v1/events?stream=hotline", Some("KEY"), Some(("application/json", &body))),
            r#"curl -sS "$INLET/v1/events?stream=hotline" -H "authorization: Bearer $KEY" -H 'content-type: application/json' --data-binary '{"a":"it'\''s $HOME"}'"#
        );
        assert_eq!(line("PAGE", "/api/v1/status", None, None), "curl -sS \"$PAGE/api/v1/status\"");
    }
}
