//! The hosts that an operator allows by name, whatever their addresses are: `intranet.example, files.local:8080`.

use gp_kernel::{Error, Result};

/// Hosts with their ports.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allowed(Vec<(String, Option<u16>)>);

impl Allowed {
    /// Reads a list with commas. A host without a port is allowed at 80 and 443; an address of IPv6 stands in brackets.
    ///
    /// # Errors
    /// When an entry is no host, or its port no number.
    pub fn parse(text: &str) -> Result<Self> {
        let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        entries.map(entry).collect::<Result<Vec<_>>>().map(Self)
    }

    /// Whether a host is allowed at a port.
    pub(crate) fn holds(&self, host: &str, port: u16) -> bool {
        self.0.iter().any(|(allowed, at)| {
            allowed == host
                && match at {
                    Some(at) => *at == port,
                    None => matches!(port, 80 | 443),
                }
        })
    }
}

fn entry(text: &str) -> Result<(String, Option<u16>)> {
    let wrong = |why: &str| {
        Error::invalid(format!("GUIDEPOST_FETCH_ALLOW: {text:?} {why}"))
            .hint("write hosts with commas between, each perhaps with a port: files.example,10.0.0.7:8080")
    };
    if text.contains("//") || text.contains('/') || text.contains('@') {
        return Err(wrong("is more than a host"));
    }
    let (host, port) = match text.rsplit_once(':') {
        // The colons of an address in brackets are its own.
        Some((host, port)) if !port.ends_with(']') => (
            host,
            Some(port.parse().map_err(|_| wrong("has a port that is no number"))?),
        ),
        _ => (text, None),
    };
    let host = url::Host::parse(host.trim_end_matches('.')).map_err(|_| wrong("is no host"))?;
    Ok((host.to_string().to_ascii_lowercase(), port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_allowed_at_their_ports() {
        let allowed = Allowed::parse(" Files.Example , 10.0.0.7:8080, [::1]:9000,[fd00::1] ").unwrap();
        assert!(allowed.holds("files.example", 443) && allowed.holds("files.example", 80));
        assert!(!allowed.holds("files.example", 8080) && !allowed.holds("other.example", 443));
        assert!(allowed.holds("10.0.0.7", 8080) && !allowed.holds("10.0.0.7", 80));
        assert!(allowed.holds("[::1]", 9000) && allowed.holds("[fd00::1]", 443));
        assert_eq!(Allowed::parse("").unwrap(), Allowed::default());
        for wrong in ["http://a.example", "a.example:many", "a b", "me@a.example"] {
            let told = Allowed::parse(wrong).unwrap_err().to_string();
            assert!(told.contains("GUIDEPOST_FETCH_ALLOW"), "{told}");
        }
    }
}
