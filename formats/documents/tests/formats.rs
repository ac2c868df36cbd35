//! Documents of every format, made here, and what must not bring the reading down.

use gp_documents::{Document, Limits, Status, read};
use proptest::prelude::*;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

fn zipped(entries: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, content) in entries {
        writer.start_file(*name, options).expect("an entry");
        writer.write_all(content.as_bytes()).expect("its content");
    }
    writer.finish().expect("an archive").into_inner()
}

fn text(document: &Document) -> Vec<&str> {
    document.pages.iter().map(|page| page.text.as_str()).collect()
}

const NUMBERING: &str = "<w:numbering xmlns:w='w'><w:abstractNum w:abstractNumId='0'><w:lvl w:ilvl='0'><w:start w:val='1'/>\
    <w:numFmt w:val='decimal'/><w:lvlText w:val='%1.'/></w:lvl><w:lvl w:ilvl='1'><w:start w:val='1'/><w:numFmt w:val='lowerLetter'/>\
    <w:lvlText w:val='(%2)'/></w:lvl></w:abstractNum><w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num></w:numbering>";
const STYLES: &str = "<w:styles xmlns:w='w'><w:style w:type='paragraph' w:styleId='H'><w:name w:val='heading 1'/></w:style>\
    <w:style w:type='paragraph' w:styleId='N'><w:name w:val='Numbered'/><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr></w:style></w:styles>";

fn word(body: &str, notes: &str) -> Vec<u8> {
    let document = format!("<w:document xmlns:w='w' xmlns:r='r'><w:body>{body}</w:body></w:document>");
    let notes = format!("<w:footnotes xmlns:w='w'>{notes}</w:footnotes>");
    zipped(&[
        ("word/document.xml", &document),
        ("word/numbering.xml", NUMBERING),
        ("word/styles.xml", STYLES),
        ("word/footnotes.xml", &notes),
        (
            "word/comments.xml",
            "<w:comments xmlns:w='w'><w:comment><w:p><w:r><w:t>COMMENT</w:t></w:r></w:p></w:comment></w:comments>",
        ),
        (
            "docProps/core.xml",
            "<c xmlns:dc='d'><dc:title>The title</dc:title><dc:creator>An author</dc:creator></c>",
        ),
    ])
}

#[test]
fn word_is_read_as_it_would_be_printed() {
    let numbered = |text: &str| format!("<w:p><w:pPr><w:pStyle w:val='N'/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>");
    let body = format!(
        "<w:p><w:pPr><w:pStyle w:val='H'/></w:pPr><w:r><w:t>Objectives</w:t></w:r></w:p>{}{}\
         <w:p><w:pPr><w:pStyle w:val='N'/><w:numPr><w:ilvl w:val='1'/></w:numPr></w:pPr><w:r><w:t>an item</w:t></w:r></w:p>\
         <w:p><w:r><w:t xml:space='preserve'>Kept </w:t></w:r><w:del><w:r><w:delText>DELETED</w:delText></w:r></w:del>\
         <w:ins><w:r><w:t>added</w:t></w:r></w:ins><w:r><w:footnoteReference w:id='2'/></w:r><w:r><w:br w:type='page'/></w:r></w:p>\
         <w:p><w:r><w:lastRenderedPageBreak/></w:r></w:p>{}",
        numbered("First paragraph."),
        numbered("Second paragraph:"),
        numbered("Third paragraph.")
    );
    let document = read(
        &word(
            &body,
            "<w:footnote w:id='2'><w:p><w:r><w:t>The note.</w:t></w:r></w:p></w:footnote>",
        ),
        &Limits::default(),
    );
    let first =
        "Objectives\n\n1. First paragraph.\n\n2. Second paragraph:\n\n(a) an item\n\nKept added[1]\n\n1 The note.";
    assert_eq!(text(&document), [first, "3. Third paragraph."]);
    assert_eq!(
        (document.title.as_deref(), document.author.as_deref()),
        (Some("The title"), Some("An author"))
    );
    assert_eq!(document.headings[0].text, "Objectives");
    let numbers: Vec<(&str, u32)> = document
        .paragraphs
        .iter()
        .map(|p| (p.number.as_str(), p.page))
        .collect();
    assert_eq!(numbers, [("1", 1), ("2", 1), ("3", 2)]);
    assert_eq!(
        document.paragraphs[1].text,
        "Second paragraph:\n(a) an item\nKept added[1]\n1 The note."
    );
}

#[test]
fn open_documents_are_read() {
    let content = "<o:document-content xmlns:o='o' xmlns:text='t'><o:automatic-styles><text:list-style text:name='L'>\
        <text:list-level-style-number text:level='1' text:num-format='1' text:num-suffix='.'/></text:list-style></o:automatic-styles>\
        <o:body><o:text><text:tracked-changes><text:p>DELETED</text:p></text:tracked-changes><text:h text:outline-level='2'>Head</text:h>\
        <text:list text:style-name='L'><text:list-item><text:p>One<text:s/>item</text:p></text:list-item><text:list-item>\
        <text:p>Two<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Note</text:p></text:note-body></text:note>\
        <o:annotation><text:p>COMMENT</text:p></o:annotation></text:p></text:list-item></text:list><text:p>A<text:soft-page-break/>B</text:p>\
        <text:p>Last</text:p></o:text></o:body></o:document-content>";
    let odt = zipped(&[
        ("mimetype", "application/vnd.oasis.opendocument.text"),
        ("content.xml", content),
    ]);
    let document = read(&odt, &Limits::default());
    assert_eq!(
        text(&document),
        ["Head\n\n1. One item\n\n2. Two\n\n1 Note\n\nAB", "Last"]
    );
    let slides = "<o:document-content xmlns:o='o'><o:body><o:presentation><d:page xmlns:d='d'><d:frame p:class='title' xmlns:p='p'>\
        <d:text-box><t:p xmlns:t='t'>Title of it</t:p></d:text-box></d:frame><p:notes xmlns:p='p'><t:p xmlns:t='t'>NOTES</t:p></p:notes></d:page>\
        <d:page xmlns:d='d'><t:p xmlns:t='t'>Second slide</t:p></d:page></o:presentation></o:body></o:document-content>";
    let odp = zipped(&[
        ("mimetype", "application/vnd.oasis.opendocument.presentation"),
        ("content.xml", slides),
    ]);
    assert_eq!(text(&read(&odp, &Limits::default())), ["Title of it", "Second slide"]);
    let locked = zipped(&[
        ("mimetype", "application/vnd.oasis.opendocument.text"),
        ("META-INF/manifest.xml", "<m><encryption-data/></m>"),
        ("content.xml", "x"),
    ]);
    assert_eq!(read(&locked, &Limits::default()).status, Status::Locked);
}

#[test]
fn slides_and_sheets_are_pages() {
    let pptx = zipped(&[
        (
            "ppt/presentation.xml",
            "<p:presentation xmlns:p='p' xmlns:r='r'><p:sldIdLst><p:sldId id='256' r:id='r2'/><p:sldId id='257' r:id='r1'/></p:sldIdLst></p:presentation>",
        ),
        (
            "ppt/_rels/presentation.xml.rels",
            "<R><Relationship Id='r1' Target='slides/slide1.xml' Type='x/slide'/><Relationship Id='r2' Target='slides/slide2.xml' Type='x/slide'/></R>",
        ),
        (
            "ppt/slides/slide1.xml",
            "<p:sld xmlns:p='p' xmlns:a='a'><p:sp><a:p><a:r><a:t>Shown last</a:t></a:r></a:p></p:sp></p:sld>",
        ),
        (
            "ppt/slides/slide2.xml",
            "<p:sld xmlns:p='p' xmlns:a='a'><p:sp><p:nvPr><p:ph type='title'/></p:nvPr><a:p><a:r><a:t>Shown first</a:t></a:r></a:p></p:sp></p:sld>",
        ),
    ]);
    let document = read(&pptx, &Limits::default());
    assert_eq!(text(&document), ["Shown first", "Shown last"]);
    assert_eq!(document.headings.len(), 1);
    let xlsx = zipped(&[
        (
            "xl/workbook.xml",
            "<workbook xmlns:r='r'><sheets><sheet name='Numbers' sheetId='1' r:id='r1'/></sheets></workbook>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            "<R><Relationship Id='r1' Target='worksheets/sheet1.xml' Type='x/worksheet'/></R>",
        ),
        (
            "xl/sharedStrings.xml",
            "<sst><si><t>Country</t></si><si><r><t>To</t></r><r><t>tal</t></r></si></sst>",
        ),
        (
            "xl/worksheets/sheet1.xml",
            "<worksheet><sheetData><row><c t='s'><v>0</v></c><c t='s'><v>1</v></c></row><row><c><f>1+1</f><v>2</v></c><c t='inlineStr'><is><t>in it</t></is></c></row></sheetData></worksheet>",
        ),
    ]);
    let document = read(&xlsx, &Limits::default());
    assert_eq!(text(&document), ["Country | Total\n\n2 | in it"]);
    assert_eq!(document.pages[0].label.as_deref(), Some("Numbers"));
}

#[test]
fn chapters_of_a_book_are_pages() {
    let book = zipped(&[
        ("mimetype", "application/epub+zip"),
        (
            "META-INF/container.xml",
            "<container><rootfiles><rootfile full-path='OEBPS/book.opf'/></rootfiles></container>",
        ),
        (
            "OEBPS/book.opf",
            "<package xmlns:dc='d'><metadata><dc:title>A book</dc:title><dc:language>en</dc:language></metadata><manifest><item id='b' href='b.xhtml' media-type='application/xhtml+xml'/><item id='a' href='text/a.xhtml' media-type='application/xhtml+xml'/></manifest><spine><itemref idref='a'/><itemref idref='b'/></spine></package>",
        ),
        (
            "OEBPS/text/a.xhtml",
            "<?xml version='1.0'?><html><head><title>x</title></head><body><h1>Chapter</h1><p>One &amp; two</p></body></html>",
        ),
        ("OEBPS/b.xhtml", "<html><body><p>Three</p></body></html>"),
    ]);
    let document = read(&book, &Limits::default());
    assert_eq!(text(&document), ["Chapter\n\nOne & two", "Three"]);
    assert_eq!(document.title.as_deref(), Some("A book"));
}

#[test]
fn plain_text_is_read_in_any_encoding() {
    let (russian, _, _) = encoding(
        "windows-1251",
        "Дети имеют право на защиту.\n\nГосударства должны их защищать.",
    );
    let document = read(&russian, &Limits::default());
    assert_eq!(
        text(&document),
        ["Дети имеют право на защиту.\n\nГосударства должны их защищать."]
    );
    assert_eq!(document.language.as_deref(), Some("ru"));
    assert_eq!(text(&read(b"\xff\xfeA\0b\0", &Limits::default())), ["Ab"]);
    assert_eq!(
        text(&read("one\u{c}two".as_bytes(), &Limits::default())),
        ["one", "two"]
    );
}

fn encoding(label: &str, text: &str) -> (Vec<u8>, &'static str, bool) {
    let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).expect("a known label");
    let (bytes, encoding, failed) = encoding.encode(text);
    (bytes.into_owned(), encoding.name(), failed)
}

#[test]
fn an_archive_that_unpacks_to_too_much_is_refused() {
    let huge = format!("<w:document><w:t>{}</w:t></w:document>", "0".repeat(3 << 20));
    let bomb = zipped(&[("word/document.xml", &huge)]);
    assert!(bomb.len() < 20_000);
    let found = read(
        &bomb,
        &Limits {
            max_unzipped: 1 << 20,
            ..Limits::default()
        },
    );
    assert_eq!(found.status, Status::TooBig);
    assert!(found.reason.is_some());
    let many: Vec<(String, String)> = (0..50).map(|at| (format!("word/{at}.xml"), String::new())).collect();
    let many: Vec<(&str, &str)> = many
        .iter()
        .map(|(name, content)| (name.as_str(), content.as_str()))
        .collect();
    assert_eq!(
        read(
            &zipped(&many),
            &Limits {
                max_entries: 20,
                ..Limits::default()
            }
        )
        .status,
        Status::TooBig
    );
}

#[test]
fn what_is_too_big_empty_or_of_another_kind_is_refused_with_a_reason() {
    for (bytes, limits, status) in [
        (
            vec![b'a'; 100],
            Limits {
                max_bytes: 99,
                ..Limits::default()
            },
            Status::TooBig,
        ),
        (Vec::new(), Limits::default(), Status::Damaged),
        (b"\x89PNG\r\n\x1a\n".to_vec(), Limits::default(), Status::Unsupported),
        (b"\0\x01\x02\x03".to_vec(), Limits::default(), Status::Unsupported),
        (b"%PDF-1.7\nnothing".to_vec(), Limits::default(), Status::Damaged),
        (b"PK\x03\x04rubbish".to_vec(), Limits::default(), Status::Damaged),
        (zipped(&[("a.txt", "x")]), Limits::default(), Status::Unsupported),
        (word("<w:p/>", ""), Limits::default(), Status::Damaged),
    ] {
        let found = read(&bytes, &limits);
        assert_eq!(found.status, status, "{:?}", found.reason);
        assert!(found.reason.is_some_and(|reason| reason.ends_with('.')));
    }
}

#[test]
fn the_json_of_a_document_has_the_agreed_names_and_is_read_back() {
    for sample in samples() {
        let found = read(&sample, &Limits::default());
        let json = serde_json::to_string(&found).expect("plain values");
        assert_eq!(serde_json::from_str::<Document>(&json).expect("the same values"), found);
    }
    let json = serde_json::to_value(read(b"Some text of a page.", &Limits::default())).expect("plain values");
    assert_eq!(json["status"], "text");
    assert_eq!(json["pages"][0]["number"], 1);
    for key in [
        "reason",
        "mime",
        "language",
        "title",
        "symbol",
        "job_number",
        "issued",
        "tagged",
        "encrypted",
        "paragraphs",
        "headings",
        "links",
    ] {
        assert!(json.get(key).is_some(), "{key}");
    }
}

/// A PDF of one page with lines at places on it.
fn pdf(lines: &[(u32, u32, &str)]) -> Vec<u8> {
    let mut content = String::new();
    for (x, y, text) in lines {
        content.push_str(&format!("BT /F1 10 Tf {x} {y} Td ({text}) Tj ET\n"));
    }
    format!(
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
         3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj\n\
         4 0 obj<</Length {}>>stream\n{content}\nendstream endobj\n\
         5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R/Size 6>>\n%%EOF",
        content.len() + 1
    )
    .into_bytes()
}

#[test]
fn columns_are_read_one_after_the_other_and_tables_line_by_line() {
    let lines = [
        (
            50,
            700,
            "A title that goes over both of the columns of this page, from side to side",
        ),
        (50, 660, "The first column is read from"),
        (320, 655, "The second column stands be-"),
        (50, 648, "its top to its end, and its para-"),
        (320, 643, "side the first one, not on the"),
        (50, 636, "graphs are made whole again."),
        (320, 631, "same lines as that does."),
        (50, 560, "Country"),
        (320, 560, "Cases"),
        (50, 545, "Chile"),
        (320, 545, "12"),
        (50, 530, "Peru"),
        (320, 530, "9"),
    ];
    let document = read(&pdf(&lines), &Limits::default());
    let page = text(&document)[0].to_owned();
    let first = "The first column is read from its top to its end, and its paragraphs are made whole again.";
    let second = "The second column stands beside the first one, not on the same lines as that does.";
    assert!(page.contains(&format!("{first}\n\n{second}")), "{page}");
    assert!(
        page.ends_with("Country Cases\n\nChile 12\n\nPeru 9") || page.ends_with("Country Cases Chile 12 Peru 9"),
        "{page}"
    );
}

#[test]
fn text_that_a_pdf_gives_beside_its_glyphs_is_taken() {
    let arabic = read(include_bytes!("data/arabic-browser.pdf"), &Limits::default());
    let page = text(&arabic)[0];
    for line in [
        "المبادئ التوجيهية (2019)",
        "1. تحظر الدول الأطراف بيع الأطفال واستغلال الأطفال في البغاء وفي المواد الإباحية كما هو منصوص عليه في هذا البروتوكول، وذلك عملاً بالمادة 3 (1) من البروتوكول.",
        "2. اعتمدت اللجنة الوثيقة CRC/C/156 في 30 أيار/مايو 2019 خلال دورتها 81",
        "3. النسبة 45.5% من الحالات (12-15 سنة).",
    ] {
        // A range of numbers is shown from right to left there, as the browser shows it.
        assert!(
            page.contains(line) || page.contains(&line.replace("12-15", "15-12")),
            "{line} in {page}"
        );
    }
    let numbers: Vec<&str> = arabic
        .paragraphs
        .iter()
        .map(|paragraph| paragraph.number.as_str())
        .collect();
    assert_eq!((numbers, arabic.language.as_deref()), (vec!["1", "2", "3"], Some("ar")));
    let thai = read(include_bytes!("data/thai-browser.pdf"), &Limits::default());
    assert!(text(&thai)[0].contains("รัฐภาคีต้องห้ามการขายเด็ก การค้าประเวณีเด็ก และสื่อลามกอนาจารที่เกี่ยวกับเด็ก"));
    assert_eq!(thai.language.as_deref(), Some("th"));
}

/// One small document of each format.
fn samples() -> Vec<Vec<u8>> {
    vec![
        pdf(&[(20, 750, "Hello there"), (20, 735, "1. One"), (300, 735, "Two")]),
        word(
            "<w:p><w:pPr><w:pStyle w:val='N'/></w:pPr><w:r><w:t>One</w:t></w:r></w:p>",
            "",
        ),
        br"{\rtf1\ansi{\fonttbl{\f0\fcharset204 A;}}\f0 \'cf\u8211?x\par}".to_vec(),
        b"<!DOCTYPE html><html lang=en><title>T</title><ol><li>One<li>Two</ol><p>x &amp; y".to_vec(),
        b"1. One\n\n2. Two\n\nA/80/604/Add.1 Distr.: General 1 April 2026 26-04887 (E)".to_vec(),
        zipped(&[
            ("mimetype", "application/vnd.oasis.opendocument.text"),
            (
                "content.xml",
                "<a><h outline-level='1'>H</h><list><list-item><p>x</p></list-item></list></a>",
            ),
        ]),
        [
            vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1],
            vec![0; 22],
            vec![9, 0],
            vec![0xff; 2000],
        ]
        .concat(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn no_change_of_a_document_brings_the_reading_down(
        sample in 0usize..7,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
        cut in any::<prop::sample::Index>(),
        is_cut in any::<bool>(),
    ) {
        let mut bytes = samples().swap_remove(sample);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if is_cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let limits = Limits { max_unzipped: 1 << 20, max_pages: 50, max_text_chars: 100_000, ..Limits::default() };
        let found = read(&bytes, &limits);
        prop_assert!(found.status == Status::Text || found.reason.is_some());
    }

    #[test]
    fn no_bytes_bring_the_reading_down(bytes in prop::collection::vec(any::<u8>(), 0..400), start in 0usize..6) {
        let starts: [&[u8]; 6] = [b"", b"%PDF-1.4\n", b"PK\x03\x04", b"{\\rtf1", b"<html>", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"];
        read(&[starts[start], &bytes].concat(), &Limits::default());
    }
}
