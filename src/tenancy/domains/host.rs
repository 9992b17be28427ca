//! Host names, in the one form in which they are stored and compared.

use std::net::IpAddr;

use rules::{ErrorCode, Problem};

/// Reads a host name into its one form: ASCII (international names as IDNA writes them), lower case, no
/// dot at its end. `None` for what is no name of a host in a domain: addresses, single words such as
/// `localhost`, ports, anything of a URL.
pub fn normalize(raw: &str) -> Option<String> {
    let raw = raw.trim();
    let host = raw.strip_suffix('.').unwrap_or(raw);
    // The longest name has 253 characters; each of them can take four bytes.
    if host.len() > 4 * 253 {
        return None;
    }
    let host = idna::domain_to_ascii_strict(host).ok()?;
    let is_number = |label: &str| label.bytes().all(|byte| byte.is_ascii_digit()) || label.starts_with("0x");
    // A name whose last label is a number is read as an address by every browser.
    let last = host.rsplit('.').next()?;
    (host.contains('.') && !is_number(last) && host.parse::<IpAddr>().is_err()).then_some(host)
}

/// Reads the host of a new domain.
///
/// # Errors
/// A problem at `path`.
pub fn read(path: &str, raw: &str) -> Result<String, Problem> {
    normalize(raw).ok_or_else(|| {
        let message = "Give the name of a host, such as `shop.example.com`: no scheme, port, path or address.";
        Problem::new(ErrorCode::Invalid, path, message)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attack_t25_one_host_has_one_form() {
        for same in ["shop.example.com", "SHOP.Example.COM", " shop.example.com. ", "ｓｈｏｐ.example.com"] {
            assert_eq!(normalize(same).as_deref(), Some("shop.example.com"), "{same}");
        }
        for same in ["münchen.example", "MÜNCHEN.example", "xn--mnchen-3ya.example", "mu\u{308}nchen.example"] {
            assert_eq!(normalize(same).as_deref(), Some("xn--mnchen-3ya.example"), "{same}");
        }
    }

    #[test]
    fn attack_t25_what_is_no_host_is_refused() {
        for wrong in [
            "",
            ".",
            "..",
            "localhost",
            "shop.example.com:8080",
            "https://shop.example.com",
            "shop.example.com/path",
            "user@shop.example.com",
            "shop..example.com",
            "shop.example.com..",
            "-shop.example.com",
            "shop_1.example.com",
            "127.0.0.1",
            "127.1",
            "0x7f.0x1",
            "[::1]",
            "::1",
            "*.example.com",
            "shop.example.com\0",
            "shop example.com",
            // Punycode that stands for nothing but ASCII: another spelling of a host that there is.
            "xn--shop-.example.com",
            "xn--example-.com",
        ] {
            assert_eq!(normalize(wrong), None, "{wrong}");
        }
        assert_eq!(normalize(&format!("{}.com", "a".repeat(64))), None);
        assert_eq!(normalize(&"a.".repeat(200)), None);
    }
}
