"""Reads the demo library with programs of others, and says what they agree on. Ends with 1 when something is wrong."""

import io
import json
import sys
import time
import traceback
import warnings
from urllib.parse import urlparse

import bibtexparser
import extruct
import feedparser
import requests
import rispy
import signposting
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from sickle import Sickle
from sickle.oaiexceptions import BadArgument, BadResumptionToken, CannotDisseminateFormat, IdDoesNotExist, NoRecordsMatch
from usp.tree import sitemap_tree_for_homepage
from wp_api import WPClient
from wp_api.auth import ApplicationPasswordAuth
from wp_api.exceptions import WPAPIError

from site_of import MORE, ROOT, Site

ONE = "checklist-for-legislators-three-conducts"
SYMBOL = "GDL/2026/3"
TITLE = "Checklist for legislators: the three conducts that the Optional Protocol asks States to prohibit"
BODY = "Guidepost demo library"


def harvest(site):
    """sickle: every verb, in parts, by set, by date, every fault."""
    oai = Sickle(f"{site.url}/oai", max_retries=2)
    identity = oai.Identify()
    assert identity.deletedRecord == "persistent" and identity.protocolVersion == "2.0"
    formats = [one.metadataPrefix for one in oai.ListMetadataFormats()]
    assert formats == ["oai_dc"], formats
    sets = {one.setSpec: one.setName for one in oai.ListSets()}
    assert "tools" in sets, sets
    records = list(oai.ListRecords(metadataPrefix="oai_dc"))
    names = [record.header.identifier for record in records]
    assert len(names) == len(set(names)) and len(names) > MORE, len(names)
    heads = [head.identifier for head in oai.ListIdentifiers(metadataPrefix="oai_dc")]
    assert heads == names
    one = next(r for r in records if SYMBOL in r.metadata.get("identifier", []))
    assert one.metadata["title"][0] == TITLE and one.metadata["creator"] == [BODY], one.metadata
    assert oai.GetRecord(metadataPrefix="oai_dc", identifier=one.header.identifier).metadata == one.metadata
    for spec in one.header.setSpecs:
        inside = [h.identifier for h in oai.ListIdentifiers(metadataPrefix="oai_dc", set=spec)]
        assert one.header.identifier in inside and len(inside) < len(names), spec
    stamps = [record.header.datestamp for record in records]
    assert stamps == sorted(stamps) and stamps[0] == identity.earliestDatestamp
    last = stamps[-1]
    later = [h.identifier for h in oai.ListIdentifiers(**{"metadataPrefix": "oai_dc", "from": last})]
    assert later == [name for name, stamp in zip(names, stamps) if stamp >= last]
    earlier = [h.identifier for h in oai.ListIdentifiers(metadataPrefix="oai_dc", until=stamps[0])]
    assert earlier == [name for name, stamp in zip(names, stamps) if stamp <= stamps[0]]
    for fault, arguments in [
        (CannotDisseminateFormat, {"metadataPrefix": "marc21"}),
        (BadArgument, {"metadataPrefix": "oai_dc", "from": "yesterday"}),
        (NoRecordsMatch, {"metadataPrefix": "oai_dc", "from": "2099-01-01"}),
        (BadResumptionToken, {"resumptionToken": "made-up"}),
    ]:
        refused(fault, oai.ListRecords, arguments)
    refused(IdDoesNotExist, oai.GetRecord, {"metadataPrefix": "oai_dc", "identifier": "oai:127.0.0.1:999999"})
    by_post = Sickle(f"{site.url}/oai", http_method="POST")
    assert [r.header.identifier for r in by_post.ListRecords(metadataPrefix="oai_dc")] == names
    return f"{len(names)} records in parts of 100, {len(sets)} sets, 6 verbs by GET and POST, 5 faults"


def refused(fault, verb, arguments):
    try:
        verb(**arguments)
    except fault:
        return
    raise AssertionError(f"{fault.__name__} is missing for {arguments}")


def feeds(site):
    """feedparser: RSS and Atom of the site, of a label and of a search."""
    found_soon(site, "legislators")
    enclosed = 0
    addresses = ["/feed/", "/feed/atom/", "/category/tools/feed/", "/?s=legislators&feed=rss2", "/?s=legislators&feed=atom"]
    for address in addresses:
        feed = feedparser.parse(requests.get(site.url + address, timeout=30).content)
        assert not feed.bozo, (address, feed.get("bozo_exception"))
        assert feed.entries and all(e.id and e.title and e.link for e in feed.entries), address
        for entry in feed.entries:
            for link in entry.get("enclosures", []):
                head = requests.head(link.href, timeout=30)
                assert head.status_code == 200 and head.headers["content-type"] == link.type, link
                assert head.headers["content-length"] == link.length, link
                enclosed += 1
    assert enclosed > 0
    return f"{len(addresses)} feeds well formed, {enclosed} enclosures with their right length and type"


def found_soon(site, word):
    """The index follows the content a moment later."""
    for _ in range(600):
        if requests.get(f"{site.url}/api/v1/search", params={"q": word}, timeout=30).json()["total"]:
            return
        time.sleep(0.1)
    raise AssertionError(f"the search never finds {word}")


def linked_data(site):
    """extruct: what a page of each kind says in the words of schema.org."""
    seen = {}
    paths = [urlparse(page.url).path for page in sitemap_tree_for_homepage(site.url).all_pages()]
    for path in paths:
        answer = requests.get(site.url + path, timeout=30)
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        data = extruct.extract(answer.text, base_url=answer.url, syntaxes=["json-ld"])["json-ld"]
        for entry in data:
            assert entry["@context"] == "https://schema.org" and entry["@id"] == answer.url, path
            seen[entry["@type"]] = seen.get(entry["@type"], 0) + 1
    assert set(seen) == {"Report", "DigitalDocument", "Event"}, seen
    answer = requests.get(f"{site.url}/{ONE}/", timeout=30)
    [report] = extruct.extract(answer.text, base_url=answer.url, syntaxes=["json-ld"])["json-ld"]
    assert report["identifier"]["value"] == SYMBOL and report["author"]["name"] == BODY
    assert len({media["inLanguage"] for media in report["encoding"]}) == 6
    for media in report["encoding"]:
        assert requests.head(media["contentUrl"], timeout=30).headers["content-length"] == media["contentSize"]
    return ", ".join(f"{count} {name}" for name, count in sorted(seen.items()))


def citations(site):
    """bibtexparser, rispy and citeproc-py: the forms that the page offers say the same."""
    answer = requests.get(f"{site.url}/{ONE}/", timeout=30)
    offered = {link["type"]: link["url"] for link in header_links(answer) if link.get("rel") == "alternate" and "type" in link}
    bib = bibtex(requests.get(offered["application/x-bibtex"], timeout=30).text)
    [ris] = rispy.loads(requests.get(offered["application/x-research-info-systems"], timeout=30).content.decode())
    csl = requests.get(offered["application/vnd.citationstyles.csl+json"], timeout=30).json()
    assert bib["title"].strip("{}") == ris["title"] == csl[0]["title"] == TITLE
    assert bib["author"].strip("{}") == ris["authors"][0] == csl[0]["author"][0]["literal"] == BODY
    assert bib["number"] == csl[0]["number"] == SYMBOL and bib["ENTRYTYPE"] == "techreport" and ris["type_of_reference"] == "RPRT"
    assert bib["year"] == ris["year"] == str(csl[0]["issued"]["date-parts"][0][0])
    assert bib["url"] == ris["urls"][0] == csl[0]["URL"] == answer.url
    sentence = formatted(csl)
    assert TITLE in sentence and BODY in sentence and "2026" in sentence, sentence
    passage = bibtex(requests.get(offered["application/x-bibtex"] + "?para=12", timeout=30).text)
    assert passage["note"] == "para. 12" and passage["url"].endswith("#para-12"), passage
    count = every_citation(site)
    return f"{count} documents in three forms each; as citeproc-py has it: {sentence}"


def every_citation(site):
    """All documents can be cited by all three programs."""
    count = 0
    for record in Sickle(f"{site.url}/oai").ListRecords(metadataPrefix="oai_dc"):
        door = f"{site.url}/api/v1/documents/{record.header.identifier.rsplit(':', 1)[1]}"
        title = record.metadata["title"][0]
        assert bibtex(requests.get(f"{door}/citation.bib", timeout=30).text)["title"]
        [ris] = rispy.loads(requests.get(f"{door}/citation.ris", timeout=30).content.decode())
        csl = requests.get(f"{door}/citation.json", timeout=30).json()
        assert " ".join(title.split()) == ris["title"] and csl[0]["title"] == title
        if count < 25:
            assert formatted(csl)
        count += 1
    return count


def bibtex(text):
    """One entry, with either generation of the parser."""
    if hasattr(bibtexparser, "parse_string"):
        library = bibtexparser.parse_string(text)
        assert not library.failed_blocks, library.failed_blocks
        [entry] = library.entries
        return {field.key: field.value for field in entry.fields} | {"ENTRYTYPE": entry.entry_type}
    [entry] = bibtexparser.loads(text).entries
    return entry


def formatted(csl):
    """As the style that citeproc-py brings has it."""
    with warnings.catch_warnings():
        # It says that it does not know fields which the standard does.
        warnings.simplefilter("ignore")
        source = CiteProcJSON(csl)
        style = CitationStylesStyle("harvard-cite-them-right", validate=False)
        bibliography = CitationStylesBibliography(style, source, formatter.plain)
        bibliography.register(Citation([CitationItem(csl[0]["id"])]))
        return str(bibliography.bibliography()[0])


def header_links(answer):
    return requests.utils.parse_header_links(answer.headers["link"])


def typed_links(site):
    """signposting: from the page to its parts and back."""
    page = f"{site.url}/{ONE}/"
    found = signposting.find_signposting_http(page)
    assert found.citeAs.target == page, found.citeAs
    types = {link.target for link in found.types}
    assert types == {"https://schema.org/AboutPage", "https://schema.org/Report"}, types
    assert found.license.target == "https://creativecommons.org/licenses/by/4.0/"
    assert found.authors and found.collection.target == f"{site.url}/"
    described = {link.type for link in found.describedBy}
    assert {"application/x-bibtex", "application/ld+json"} <= described, described
    for link in found.describedBy:
        answer = requests.get(link.target, timeout=30)
        assert answer.status_code == 200 and answer.headers["content-type"].startswith(link.type), link
    for link in found.items:
        back = signposting.find_signposting_http(link.target)
        assert back.collection.target == page and back.citeAs.target == page, link
    linkset = requests.get(next(iter(found.linksets)).target, timeout=30).json()["linkset"]
    assert len(linkset) == 1 + len(found.items)
    return f"{len(found.items)} items and back, {len(found.describedBy)} descriptions, a linkset"


def sitemaps(site):
    """ultimate-sitemap-parser: every address of the sitemaps answers; files stand among them."""
    addresses = [page.url for page in sitemap_tree_for_homepage(site.url).all_pages()]
    assert len(addresses) == len(set(addresses))
    files = [address for address in addresses if not address.endswith("/")]
    assert any(address.endswith(".pdf") for address in files)
    for address in addresses:
        answer = requests.head(address, timeout=30, allow_redirects=False)
        assert answer.status_code == 200, (address, answer.status_code)
    return f"{len(addresses)} addresses answer, {len(files)} of them files"


def client_of_the_api(site):
    """wp_api: lists, searches, writes, uploads, looks back, throws away."""
    login = "petra"
    site.run("users", "add", login, "--email", "petra@library.example", "--role", "editor", "--password-stdin", given="a long enough password\n")
    password = json.loads(site.run("users", "app-password", login, "wp_api"))["password"]
    editor = WPClient(site.url, auth=ApplicationPasswordAuth(login, password))
    visitor = WPClient(site.url)
    listed = visitor.posts.list(per_page=20)
    assert len(listed) == 20, len(listed)
    found = visitor.posts.list(search="three conducts")
    assert any(post["slug"] == ONE for post in found), [post["slug"] for post in found]
    label = editor.categories.create("Python")
    made = editor.posts.create("Written in Python", content="<p>First words</p>", categories=[label["id"]])
    assert visitor.posts.list(categories=label["id"])[0]["id"] == made["id"]
    changed = editor.posts.update(made["id"], content="<p>Second words</p>")
    assert "Second words" in changed["content"]["rendered"]
    versions = editor.get(f"posts/{made['id']}/revisions")
    assert any("First words" in version["content"]["rendered"] for version in versions), versions
    file = editor.media.upload(io.BytesIO(b"words in a file"), "python.txt")
    file = editor.media.update(file["id"], title="A file")
    assert file["title"]["rendered"] == "A file", file
    assert editor.session.get(file["source_url"], auth=None).content == b"words in a file"
    assert editor.posts.delete(made["id"])["status"] == "trash"
    for nobody_may in [lambda: visitor.posts.get(made["id"]), lambda: visitor.posts.create("x"), lambda: visitor.settings.get()]:
        try:
            nobody_may()
        except (WPAPIError, ValueError):
            continue
        raise AssertionError("a visitor may do what only editors may")
    return f"{len(listed)} resources listed, {len(found)} found, one written, changed, thrown away, {len(versions)} versions, one file"


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "target/debug/guidepost")
    wrong = 0
    with Site(program) as site:
        for client in [harvest, feeds, linked_data, citations, typed_links, sitemaps, client_of_the_api]:
            name = client.__doc__.split(":")[0]
            try:
                print(f"{name}: {client(site)}", flush=True)
            except Exception:  # noqa: BLE001 - the others are to be asked, too
                wrong += 1
                print(f"{name}: WRONG\n{traceback.format_exc()}", flush=True)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
