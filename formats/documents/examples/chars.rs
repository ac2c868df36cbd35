//! Prints the glyphs of one page.
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let bytes = std::fs::read(&a[1]).unwrap();
    let doc = pdf_oxide::PdfDocument::from_bytes(bytes).unwrap();
    let page: usize = a.get(2).map_or(0, |p| p.parse().unwrap());
    for c in doc.extract_chars(page).unwrap() {
        println!("{:?} {:04x} x{:.2} y{:.2} w{:.2} ra{:.2} fs{:.2} rot{} {} mcid{:?} m{:?}", c.char, c.char as u32, c.origin_x, c.origin_y, c.advance_width, c.rendered_advance, c.font_size, c.rotation_degrees, c.font_name, c.mcid, c.matrix.map(|m| (m[0], m[3], m[4])));
    }
}
