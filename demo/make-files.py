#!/usr/bin/env python3
"""Makes the files of the demo library below demo/uploads/ from demo/sources/.

Needs: chromium, poppler-utils, fonts-noto-core, fonts-noto-cjk (Debian), and Pillow (Python).
Run it from anywhere: `demo/make-files.py`. Running it again gives the same files, so a change shows in the diff.
"""
import csv
import io
import random
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

from PIL import Image, ImageDraw, ImageFilter

HERE = Path(__file__).resolve().parent
SOURCES = HERE / "sources"
OUT = HERE / "uploads" / "2026" / "11"
MADE = "D:20261124090000+00'00'"  # fixed, so that the bytes do not depend on the day of the run
THUMB_LIMIT = 4000


def run(*args):
    done = subprocess.run(args, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{args[0]} failed: {done.stderr.strip()}")


def print_pdf(source, target):
    """One HTML source to one tagged PDF, with a fixed creation date."""
    with tempfile.TemporaryDirectory() as profile:
        run("chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}",
            "--no-pdf-header-footer", "--generate-pdf-document-outline",
            f"--print-to-pdf={target}", source.as_uri())
    data = target.read_bytes()
    data = re.sub(rb"/(CreationDate|ModDate) \(D:\d{14}\+00'00'\)",
                  lambda m: b"/%s (%s)" % (m[1], MADE.encode()), data)
    target.write_bytes(data)


def page_image(pdf, dpi, page=1):
    with tempfile.TemporaryDirectory() as folder:
        run("pdftoppm", "-r", str(dpi), "-gray", "-f", str(page), "-l", str(page), str(pdf), f"{folder}/p")
        with Image.open(next(Path(folder).glob("p*"))) as image:
            return image.convert("L")


def page_count(pdf):
    info = subprocess.run(["pdfinfo", str(pdf)], capture_output=True, text=True, check=True).stdout
    return int(re.search(r"^Pages:\s+(\d+)", info, re.M)[1])


def scan(pdf, target):
    """Replaces a PDF by pictures of its pages, a little crooked and dusty, as a scanner gives them: no text layer."""
    dice = random.Random(4)
    pages = []
    for number in range(1, page_count(pdf) + 1):
        image = page_image(pdf, 110, number).rotate(dice.uniform(-.7, .7), Image.BICUBIC, fillcolor=244)
        draw = ImageDraw.Draw(image)
        for _ in range(60):
            x, y = dice.randrange(image.width), dice.randrange(image.height)
            draw.ellipse((x, y, x + 1, y + 1), fill=dice.randrange(120, 200))
        pages.append(image.filter(ImageFilter.GaussianBlur(.5)))
    buffer = io.BytesIO()
    pages[0].save(buffer, "PDF", save_all=True, append_images=pages[1:], resolution=110, quality=42,
                  title="", creationDate=None, modDate=None)
    target.write_bytes(re.sub(rb"D:\d{14}Z", b"D:20250602090000Z", buffer.getvalue()))


def thumbnail(pdf):
    image = page_image(pdf, 60)
    image = image.resize((320, round(320 * image.height / image.width)), Image.LANCZOS)
    for quality in range(40, 0, -3):
        buffer = io.BytesIO()
        image.save(buffer, "WEBP", quality=quality, method=6)
        if buffer.tell() <= THUMB_LIMIT:
            break
    pdf.with_name(pdf.stem + "-thumb.webp").write_bytes(buffer.getvalue())


def answer_sheet(source, target):
    """A Word table with one row for each numbered paragraph of the checklist."""
    text = source.read_text(encoding="utf-8")
    rows = re.findall(r'id="para-(\d+)">', text)[4:24]

    def cell(words, width):
        return (f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
                f'<w:p><w:r><w:t>{escape(words)}</w:t></w:r></w:p></w:tc>')

    def row(cells, head=False):
        mark = "<w:trPr><w:tblHeader/></w:trPr>" if head else ""
        return f"<w:tr>{mark}{''.join(cell(c, w) for c, w in zip(cells, (1100, 1500, 3000, 3400)))}</w:tr>"

    border = "".join(f'<w:{s} w:val="single" w:sz="4"/>' for s in ("top", "left", "bottom", "right", "insideH", "insideV"))
    table = (f'<w:tbl><w:tblPr><w:tblBorders>{border}</w:tblBorders></w:tblPr>'
             + row(("Para.", "Yes, partly, no", "Provision of the law", "What is missing; who can propose it"), True)
             + "".join(row((number, "", "", "")) for number in rows) + "</w:tbl>")
    words = ["Answer sheet for the checklist for legislators, GDL/2026/3",
             "Annex made by the Guidepost demo library. Law examined: ______________________  Date: ______________"]
    body = "".join(f"<w:p><w:r><w:t>{escape(w)}</w:t></w:r></w:p>" for w in words) + table + "<w:p/>"
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    office = "application/vnd.openxmlformats-"
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            f'<Default Extension="rels" ContentType="{office}package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" '
            f'ContentType="{office}officedocument.wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            '<Relationship Id="rId1" Target="word/document.xml" Type="http://schemas.openxmlformats.org/'
            'officeDocument/2006/relationships/officeDocument"/></Relationships>',
        "word/document.xml": f"<w:document {space}><w:body>{body}</w:body></w:document>",
    }
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 24, 9, 0, 0)), head + content, zipfile.ZIP_DEFLATED)


def drawing(target):
    """An abstract drawing for the page about the library: three ways that meet at a post."""
    big = Image.new("RGB", (1920, 960), "#f1f0ec")
    draw = ImageDraw.Draw(big)
    for start, bend, colour in (((0, 900), (620, 520), "#005a6e"), ((960, 960), (960, 700), "#4a5a62"),
                                ((1920, 900), (1300, 520), "#768483")):
        points = [tuple((1 - t) ** 2 * a + 2 * t * (1 - t) * b + t * t * c
                        for a, b, c in zip(start, bend, (960, 430))) for t in (i / 60 for i in range(61))]
        draw.line(points, fill=colour, width=34, joint="curve")
    draw.rectangle((938, 130, 982, 700), fill="#14232a")
    draw.polygon([(820, 170), (1180, 170), (1260, 240), (1180, 310), (820, 310)], fill="#ffc62b")
    draw.rectangle((870, 214, 1130, 230), fill="#14232a")
    draw.rectangle((870, 252, 1050, 268), fill="#14232a")
    small = big.resize((960, 480), Image.LANCZOS)
    small.quantize(24).save(target, "PNG", optimize=True)


def check_table(source, target):
    """The CSV is copied after a check that every line has as many fields as the head."""
    with source.open(encoding="utf-8", newline="") as lines:
        table = list(csv.reader(lines))
    wrong = [n for n, line in enumerate(table, 1) if len(line) != len(table[0])]
    if wrong:
        sys.exit(f"{source.name}: lines {wrong} do not have {len(table[0])} fields")
    shutil.copyfile(source, target)


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    for source in sorted(SOURCES.glob("*.html")):
        pdf = OUT / (source.stem + ".pdf")
        print_pdf(source, pdf)
        if source.stem.endswith("-scan"):
            scan(pdf, pdf)
        thumbnail(pdf)
        print(f"{pdf.name}: {page_count(pdf)} pages, {pdf.stat().st_size} bytes")
    answer_sheet(SOURCES / "checklist-legislators-en.html", OUT / "checklist-legislators-answer-sheet.docx")
    check_table(SOURCES / "protocol-indicators.csv", OUT / "protocol-indicators.csv")
    drawing(OUT / "three-ways-one-post.png")


if __name__ == "__main__":
    main()
