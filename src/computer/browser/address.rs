//! Addresses as they may be written down: without the values that secret fields put into them. Pure.

use url::Url;

/// The address with the values of these query parameters taken out.
pub fn without_values(address: &str, secret: &[String]) -> String {
    let Ok(mut url) = Url::parse(address) else {
        return address.to_owned();
    };
    if url.password().is_some() {
        let _ = url.set_password(None);
    }
    if url.scheme() == "data" {
        return "data:".to_owned();
    }
    let pairs: Vec<(String, String)> = url
        .query_pairs()
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    if !pairs.iter().any(|(name, _)| secret.contains(name)) {
        return url.to_string();
    }
    url.query_pairs_mut().clear().extend_pairs(
        pairs
            .iter()
            .map(|(name, value)| (name, if secret.contains(name) { "" } else { value })),
    );
    url.to_string()
}

/// The same for an address that may lack its origin.
pub fn without_query_values(address: &str, secret: &[String]) -> String {
    const BASE: &str = "http://origin.invalid";
    if !address.starts_with('/') {
        return without_values(address, secret);
    }
    let whole = without_values(&format!("{BASE}{address}"), secret);
    whole.strip_prefix(BASE).unwrap_or(&whole).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secret_values_are_taken_out_and_the_rest_stays() {
        let secret = ["pw".to_owned()];
        for (address, expected) in [
            (
                "http://a.example/in?u=ana&pw=x%20y#z",
                "http://a.example/in?u=ana&pw=#z",
            ),
            ("http://a.example/in?u=a+b", "http://a.example/in?u=a+b"),
            ("http://ana:x@a.example/", "http://ana@a.example/"),
            ("about:blank", "about:blank"),
        ] {
            assert_eq!(without_values(address, &secret), expected);
        }
    }
}
