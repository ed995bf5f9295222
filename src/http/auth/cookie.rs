//! Cookies: ours, and no others.

use axum::http::{HeaderMap, header};

pub(in crate::http) const SESSION: &str = "tongguan_session";
pub(super) const WALL: &str = "tongguan_wall";

/// A screen stays logged in for as long as its token is in the file.
const WALL_AGE_S: i64 = 400 * 86_400;

pub(super) fn get<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = all.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.into_iter().find(|(known, _)| *known == name).map(|(_, value)| value)
}

/// Gone with the browser.
pub(super) fn session(token: &str, is_secure: bool) -> String {
    set(SESSION, token, is_secure, None)
}

pub(super) fn no_session(is_secure: bool) -> String {
    set(SESSION, "", is_secure, Some(0))
}

pub(super) fn wall(token: &str, is_secure: bool) -> String {
    set(WALL, token, is_secure, Some(WALL_AGE_S))
}

fn set(name: &str, value: &str, is_secure: bool, age_s: Option<i64>) -> String {
    let secure = if is_secure { "; Secure" } else { "" };
    let age = age_s.map_or(String::new(), |age| format!("; Max-Age={age}"));
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_for_no_script_and_no_other_site() {
        assert_eq!(session("abc", false), "tongguan_session=abc; Path=/; HttpOnly; SameSite=Lax");
        assert!(session("abc", true).ends_with("; Secure"));
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, "a=1; tongguan_session=abc=; b".parse().unwrap());
        headers.append(header::COOKIE, "tongguan_session=other".parse().unwrap());
        assert_eq!(get(&headers, SESSION), Some("abc="));
        assert_eq!(get(&headers, WALL), None);
    }
}
