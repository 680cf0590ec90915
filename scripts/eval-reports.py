#!/usr/bin/env python3
"""Checks the reports that the tests of `evals` leave behind, with other people's readers.

    python3 -m pip install lxml playwright      (and a Chromium: Debian's package `chromium`, or `playwright install`)
    cargo test -p evals --test it reports
    python3 scripts/eval-reports.py [FOLDER] [--pictures FOLDER]

FOLDER has eval-report.xml, eval-report.html and eval-report-1000.html, or is the file of another HTML report; left out,
it is `tmp` in cargo's target folder. The XML is validated against evals/tests/it/junit.xsd. The pages are opened from disk in headless
Chromium: any request but for the file itself and any word on the console is a failure. Parts that lack their tool are
skipped, and that is said; the exit code is 1 if anything failed.
"""

import argparse
import os
import shutil
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
failures = []
skipped = []


def check(what, holds, detail=""):
    print(f"{'ok  ' if holds else 'FAIL'} {what}{f': {detail}' if detail else ''}")
    if not holds:
        failures.append(what)


def skip(what):
    print(f"SKIPPED: {what}")
    skipped.append(what)


def validate(path):
    try:
        from lxml import etree
    except ImportError:
        skip("validation of the XML needs lxml")
        return
    schema = etree.XMLSchema(etree.parse(ROOT / "evals/tests/it/junit.xsd"))
    schema_holds = schema.validate(etree.parse(path))
    check(f"{path.name} fits the schema", schema_holds, str(schema.error_log.last_error or ""))
    broken = etree.fromstring(path.read_bytes().replace(b"<failure ", b"<failed ").replace(b"</failure>", b"</failed>"))
    check("the schema refuses what is not JUnit", not schema.validate(broken))


def browser_path():
    names = ("chromium", "chromium-browser", "google-chrome", "chrome", "chromium-headless-shell")
    return next(filter(None, map(shutil.which, names)), None)


class Watched:
    """A page, with all that it asked for and complained of."""

    def __init__(self, browser, path, **options):
        self.requests, self.complaints = [], []
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.complaints.append("a dialog"), dialog.dismiss()))
        self.url = path.resolve().as_uri()
        started = time.monotonic()
        self.page.goto(self.url)
        self.seconds = time.monotonic() - started

    def close(self, name):
        foreign = [url for url in self.requests if url.split("#")[0] != self.url and not url.startswith("data:")]
        check(f"{name}: no request", not foreign, ", ".join(foreign[:3]))
        check(f"{name}: nothing on the console", not self.complaints, "; ".join(self.complaints[:3]))
        self.context.close()


def shown(page):
    return page.locator("#list > .case:visible").count()


def use(watched):
    """Filters, searches, sorts and opens, as a reader would."""
    page = watched.page
    everything = shown(page)
    page.select_option("#state", "failed")
    failed = shown(page)
    wanted = page.locator("#list > .case > summary .failed").count()
    check("the filter by state leaves those that failed", failed == wanted, f"{failed} of {everything}")
    words = set(page.locator("#list > .case:visible .state").all_text_contents())
    check("they are the failed ones", words <= {"failed"}, str(words))
    page.select_option("#state", "")
    page.select_option("#tag", index=1)
    check("the filter by tag leaves some", 0 < shown(page) <= everything, str(shown(page)))
    page.select_option("#tag", "")
    page.fill("#search", page.locator("#list > .case .id").nth(2).text_content())
    page.wait_for_timeout(400)
    check("the search finds one case", shown(page) == 1, str(shown(page)))
    page.fill("#search", "")
    page.wait_for_timeout(400)
    page.select_option("#sort", index=1)
    values = [float(text) for text in page.locator("#list > .case .value").all_text_contents() if text not in ("–", "")]
    check("the sorting sorts", values == sorted(values) or values == sorted(values, reverse=True))
    page.select_option("#sort", "")
    row = page.locator("#list > .case").nth(1)
    row.locator("summary").first.press("Enter")
    page.wait_for_timeout(200)
    check("a case opens by the keyboard, with its scores", row.locator(".body table").count() > 0)
    unlabelled = page.locator("svg[role=img]:not([aria-label])").count()
    check("every picture has words", unlabelled == 0)
    check("nothing is wider than the window", page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def take(page, pictures, name):
    """The page's top, its comparison and an opened case, and once the whole as it prints."""
    pictures.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=pictures / f"{name}.png")
    for part in ("comparison", "cases"):
        if page.locator(f"#{part}").count():
            page.evaluate(f"document.querySelector('#{part}').scrollIntoView({{ behavior: 'instant' }})")
            page.wait_for_timeout(200)
            page.screenshot(path=pictures / f"{name}-{part}.png")
    summary = page.locator("#list > .case > summary").first
    summary.click()
    page.wait_for_timeout(200)
    page.screenshot(path=pictures / f"{name}-open.png", full_page=page.locator("#list > .case").count() < 200)
    summary.click()
    if name.endswith("-light"):
        page.pdf(path=pictures / f"{name}.pdf")


def browse(pages, pictures):
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        skip("opening the pages needs playwright")
        return
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        except Error as error:
            skip(f"no browser to open the pages in ({str(error).splitlines()[0]})")
            return
        for path in pages:
            looks = {"light": {"color_scheme": "light"}, "dark": {"color_scheme": "dark"},
                     "narrow": {"viewport": {"width": 390, "height": 800}}}
            for look, options in looks.items():
                watched = Watched(browser, path, **{"viewport": {"width": 1280, "height": 900}, **options})
                print(f"     {path.name}, {look}: {watched.page.locator('#list > .case').count()} cases, "
                      f"open in {watched.seconds:.2f} s")
                if pictures:
                    take(watched.page, pictures, f"{path.stem}-{look}")
                if look == "light":
                    use(watched)
                watched.close(f"{path.name}, {look}")
        browser.close()


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
parser.add_argument("folder", nargs="?", type=Path, default=target / "tmp")
parser.add_argument("--pictures", type=Path)
arguments = parser.parse_args()
if arguments.folder.is_file():
    found = [arguments.folder]
else:
    xml = arguments.folder / "eval-report.xml"
    if not xml.exists():
        sys.exit(f"{xml} is not there; run `cargo test -p evals --test it reports` first")
    validate(xml)
    found = sorted(arguments.folder.glob("eval-report*.html"))
browse(found, arguments.pictures)
print(f"{len(failures)} failed, {len(skipped)} skipped")
sys.exit(1 if failures else 0)
