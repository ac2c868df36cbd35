//! Writes the smallest PDFs that a test needs.

/// A PDF of these objects, the catalogue first.
pub fn of_objects(objects: &[String]) -> Vec<u8> {
    let mut pdf = String::from("%PDF-1.4\n");
    let mut places = Vec::new();
    for (number, object) in (1..).zip(objects) {
        places.push(pdf.len());
        pdf += &format!("{number} 0 obj\n{object}\nendobj\n");
    }
    let table = pdf.len();
    let count = objects.len() + 1;
    pdf += &format!("xref\n0 {count}\n0000000000 65535 f \n");
    for place in places {
        pdf += &format!("{place:010} 00000 n \n");
    }
    pdf += &format!("trailer<</Size {count}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n");
    pdf.into_bytes()
}

/// A PDF of one page that is drawn by these operators. `more` stands in the page's dictionary; the font `/F` is Helvetica.
pub fn of_page(drawing: &str, more: &str) -> Vec<u8> {
    of_objects(&[
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F<</Type/Font/Subtype/Type1\
             /BaseFont/Helvetica/Encoding/WinAnsiEncoding>>>>>>{more}>>"
        ),
        format!("<</Length {}>>stream\n{drawing}\nendstream", drawing.len()),
    ])
}
