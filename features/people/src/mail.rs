//! Mail: through a server (SMTP), or into a folder as `.eml` files where none is named.
//!
//! What must never be here: what a mail is about, a password of the server in a message or a log.

use std::{
    path::{Path, PathBuf},
    time::SystemTime,
};

use gp_kernel::{Error, Result};
use jiff::Timestamp;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor, message::Mailbox};

/// Takes mail.
pub struct Mailer {
    way: Way,
    from: String,
}

enum Way {
    Folder(PathBuf),
    Server(Box<AsyncSmtpTransport<Tokio1Executor>>),
}

impl std::fmt::Debug for Mailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Not the server: its address holds a password.
        f.debug_struct("Mailer")
            .field("from", &self.from)
            .finish_non_exhaustive()
    }
}

/// A mail to one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Their address.
    pub to: String,
    /// What it is about.
    pub subject: String,
    /// Plain text.
    pub text: String,
}

impl Mailer {
    /// By the settings: `smtp://…` or `smtps://…`, else the folder. `from` empty: `library@` the host of the site's address.
    ///
    /// # Errors
    /// `Invalid` when the server's address cannot be read; it is not repeated, for it may hold a password.
    pub fn new(smtp: &str, from: &str, url: &str, folder: &Path) -> Result<Self> {
        let host = url.split_once("://").map_or("", |(_, rest)| rest);
        let host = host
            .split(['/', ':'])
            .next()
            .filter(|host| host.contains('.'))
            .unwrap_or("localhost.localdomain");
        let from = match from {
            "" => format!("library@{host}"),
            from => from.to_owned(),
        };
        from.parse::<Mailbox>().map_err(|_| {
            Error::invalid(format!("{from:?} cannot be the sender of mail"))
                .hint("GUIDEPOST_MAIL_FROM is an e-mail address")
        })?;
        let way = match smtp {
            "" => Way::Folder(folder.to_owned()),
            _ if url.is_empty() => {
                return Err(Error::invalid("mail cannot be sent from a site that does not know its address")
                    .hint("name it with GUIDEPOST_URL: links in mail lead there"));
            }
            smtp => Way::Server(Box::new(
                AsyncSmtpTransport::<Tokio1Executor>::from_url(smtp)
                    .map_err(|_| {
                        Error::invalid("the mail server's address cannot be read")
                            .hint("GUIDEPOST_SMTP is smtp://USER:PASSWORD@HOST:587?tls=required or smtps://USER:PASSWORD@HOST")
                    })?
                    .build(),
            )),
        };
        Ok(Self { way, from })
    }

    /// Whether mail leaves this computer.
    pub fn sends(&self) -> bool {
        matches!(self.way, Way::Server(_))
    }

    /// Hands a mail on. `id` is no other mail's.
    ///
    /// # Errors
    /// `Invalid` for an address that is none; `Unavailable` when the server does not take it.
    pub async fn send(&self, mail: &Mail, now: Timestamp, id: &str) -> Result<()> {
        let address = |text: &str| {
            text.parse::<Mailbox>()
                .map_err(|_| Error::invalid("the account has no address that mail can be sent to"))
        };
        let host = self
            .from
            .rsplit_once('@')
            .map_or("localhost", |(_, host)| host.trim_end_matches('>'));
        let message = Message::builder()
            .from(address(&self.from)?)
            .to(address(&mail.to)?)
            .subject(mail.subject.as_str())
            .date(SystemTime::from(now))
            .message_id(Some(format!("<{id}@{host}>")))
            .body(mail.text.clone())
            .map_err(|e| Error::internal(format!("a mail could not be made: {e}")))?;
        match &self.way {
            Way::Folder(folder) => {
                tokio::fs::create_dir_all(folder)
                    .await
                    .map_err(|e| Error::from(e).at(folder.display()))?;
                let path = folder.join(format!("{}-{id}.eml", now.strftime("%Y%m%dT%H%M%SZ")));
                // Whoever looks into the folder meanwhile finds whole mails only.
                let part = path.with_extension("part");
                tokio::fs::write(&part, message.formatted())
                    .await
                    .map_err(|e| Error::from(e).at(part.display()))?;
                tokio::fs::rename(&part, &path)
                    .await
                    .map_err(|e| Error::from(e).at(path.display()))
            }
            Way::Server(server) => {
                let sent = server.send(message).await;
                sent.map(drop)
                    .map_err(|e| Error::new(gp_kernel::ErrorKind::Unavailable, format!("the mail server: {e}")))
            }
        }
    }
}
