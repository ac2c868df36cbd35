//! The fifteen elements of Dublin Core, as `oai_dc` carries them.

use crate::work::{Kind, Work, parts_of};

impl Work {
    /// Names and values of its elements, in the order of the standard.
    pub fn dublin_core(&self) -> Vec<(&'static str, String)> {
        let mut all: Vec<(&'static str, String)> = vec![("title", self.title.clone())];
        all.extend(self.also_known_as.iter().map(|name| ("title", name.clone())));
        all.extend(self.authors.iter().map(|b| ("creator", b.name.clone())));
        let mut subjects: Vec<&String> = Vec::new();
        for subject in self.topics.iter().chain(&self.labels) {
            if !subjects.contains(&subject) {
                subjects.push(subject);
            }
        }
        all.extend(subjects.into_iter().map(|s| ("subject", s.clone())));
        all.push(("description", self.description.clone()));
        match self.authors.as_slice() {
            [] => all.push(("publisher", self.library.name.clone())),
            bodies => all.extend(bodies.iter().map(|b| ("publisher", b.name.clone()))),
        }
        let date: Vec<String> = parts_of(&self.issued).iter().map(|n| format!("{n:02}")).collect();
        all.push(("date", date.join("-")));
        all.push((
            "type",
            if self.kind == Kind::Event { "Event" } else { "Text" }.to_owned(),
        ));
        let mut formats: Vec<&str> = self.files.iter().map(|f| f.mime.as_str()).collect();
        formats.sort_unstable();
        formats.dedup();
        all.extend(formats.into_iter().map(|f| ("format", f.to_owned())));
        all.push(("identifier", self.url.clone()));
        all.push(("identifier", self.symbol.clone()));
        all.extend(
            self.files
                .iter()
                .filter(|f| f.is_edition())
                .map(|f| ("identifier", f.url.clone())),
        );
        all.push(("source", self.elsewhere.clone()));
        let mut langs = vec![self.lang.clone()];
        for file in self.files.iter().filter(|f| f.is_edition()) {
            if !langs.contains(&file.lang) {
                langs.push(file.lang.clone());
            }
        }
        all.extend(langs.into_iter().map(|lang| ("language", lang)));
        all.push(("relation", self.series.clone()));
        all.push(("relation", self.explains.clone()));
        let others = self.versions.iter().filter(|v| v.url != self.url);
        all.extend(others.map(|v| ("relation", v.url.clone())));
        all.extend(self.regions.iter().map(|r| ("coverage", r.clone())));
        all.push(("rights", self.licence.clone()));
        all.extend(
            crate::licence_address(&self.licence)
                .filter(|a| *a != self.licence)
                .map(|a| ("rights", a)),
        );
        all.retain(|(_, value)| !value.trim().is_empty());
        all
    }
}
