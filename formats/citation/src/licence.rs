//! Addresses of licences that are named by their short names.

/// The address of a licence: one that is an address already, or one of Creative Commons' by its short name.
pub fn address(licence: &str) -> Option<String> {
    let licence = licence.trim();
    if licence.starts_with("https://") || licence.starts_with("http://") {
        return (!licence.contains(|c: char| c.is_whitespace() || c.is_control() || "<>\"".contains(c)))
            .then(|| licence.to_owned());
    }
    let upper = licence.to_uppercase().replace(['-', '_'], " ");
    let mut words = upper.split_whitespace();
    match words.next()? {
        "CC0" => return Some("https://creativecommons.org/publicdomain/zero/1.0/".to_owned()),
        "CC" => {}
        _ => return None,
    }
    let mut terms = Vec::new();
    let mut version = "4.0";
    let mut places = Vec::new();
    for word in words {
        match word {
            "BY" | "NC" | "ND" | "SA" => terms.push(word.to_lowercase()),
            "1.0" | "2.0" | "2.5" | "3.0" | "4.0" => version = word,
            "IGO" => places.push("igo"),
            _ => return None,
        }
    }
    let first = terms.first()?;
    let place = places.first().map(|p| format!("{p}/")).unwrap_or_default();
    (first == "by").then(|| {
        format!(
            "https://creativecommons.org/licenses/{}/{version}/{place}",
            terms.join("-")
        )
    })
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn short_names_have_addresses() {
        let is = |name: &str, end: &str| {
            let expected = format!("https://creativecommons.org/{end}");
            assert_eq!(address(name), Some(expected), "{name}");
        };
        is("CC BY 4.0", "licenses/by/4.0/");
        is("CC BY-NC-SA 3.0 IGO", "licenses/by-nc-sa/3.0/igo/");
        is("cc0", "publicdomain/zero/1.0/");
        for other in ["", "Rights are held by the publisher", "CC", "https://x.example/\"> x"] {
            assert_eq!(address(other), None, "{other}");
        }
    }
}
