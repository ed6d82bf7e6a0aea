"""Pages in Chromium: axe-core finds nothing in any kind of page, light and dark, wide and narrow; the keyboard reaches all; paper.

Both are optional: `apt install chromium`, `npm install axe-core` (or AXE_CORE=/path/to/axe.min.js).
"""

import os
from pathlib import Path

import pytest

from tests.helpers.chromium import browsing, chromium
from tests.helpers.paths import ROOT
from tests.helpers.web_site import serving

PAGES = (
    "/",
    "/search?q=heat",
    "/browse/people",
    "/page/item/10722/1",
    "/page/serial/0003-4967",
    "/page/serial/0003-4967/v/9",
    "/page/concept/mesh/lupus_erythematosus%2C_systemic",
    "/page/dataset",
    "/sparql",
    "/sparql?query=SELECT+%28%272010%27+AS+%3Fyear%29+%281+AS+%3Fn%29+%7B%7D&view=bar",
    "/sparql?query=SELEC",
    "/questions",
    "/questions/works-of?person=Lu",
    "/questions/works-of?person=Nobody",
    "/model",
    "/dumps/",
    "/fragments?format=html",
    "/nowhere",
    "/page/item/10722/1?lang=de",
    "/?lang=fr",
    "/quality?lang=es",
    "/search?q=heat&lang=zh-Hant",
)
STANDARDS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
AXE = Path(os.environ.get("AXE_CORE") or ROOT / "node_modules" / "axe-core" / "axe.min.js")


@pytest.fixture(scope="module")
def address(search_app):
    with serving(search_app) as (host, port):
        yield f"http://{host}:{port}"


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    if chromium() is None:
        pytest.skip("Chromium is not installed")
    with browsing(tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.fixture(scope="module")
def axe():
    """The source of axe-core."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: npm install axe-core, or name axe.min.js in AXE_CORE")
    return AXE.read_text(encoding="utf-8")


def violations(browser, axe, run):
    browser.evaluate(f"{axe}\n;0")
    return browser.evaluate(
        f"axe.run(document, {{resultTypes: ['violations'], runOnly: {run!r}}})"
        ".then(found => found.violations.map(one => one.id + ': ' + one.nodes.map(node => node.html).slice(0, 3).join(' | ')))"
    )


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(browser, axe, address, path):
    browser.open(f"{address}{path}")
    assert violations(browser, axe, [*STANDARDS]) == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_in_the_dark_on_a_telephone_can_be_read_and_is_no_wider_than_it(browser, axe, address, path):
    browser.open(f"{address}{path}", 320, 640, dark=True)
    assert violations(browser, axe, {"type": "rule", "values": ["color-contrast", "target-size"]}) == []
    assert browser.evaluate("document.documentElement.scrollWidth") == 320


FOCUSED = """(() => {
  const here = document.activeElement, style = getComputedStyle(here), box = here.getBoundingClientRect();
  return [here.outerHTML.slice(0, 120), here.getAttribute("href"), parseFloat(style.outlineWidth), box.bottom > 0 && box.top < innerHeight];
})()"""


@pytest.mark.parametrize("path", ["/", "/search?q=heat", "/page/serial/0003-4967", "/page/item/10722/1"])
def test_the_keyboard_reaches_everything_in_order_and_sees_where_it_is(browser, address, path):
    browser.open(f"{address}{path}")
    wanted = browser.evaluate(
        "[...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex=\"0\"]')]"
        ".filter(one => one.checkVisibility()).length"
    )
    reached = []
    for _ in range(wanted):
        browser.press("Tab")
        text, href, outline, is_seen = browser.evaluate(FOCUSED)
        assert outline >= 2, text
        assert is_seen, text
        reached.append(href or text)
    assert reached[0] == "#main"
    assert browser.evaluate("document.activeElement !== document.body")
    browser.open(f"{address}{path}")
    browser.press("Tab")
    browser.press("Enter")
    assert browser.evaluate("document.activeElement.id") == "main"


def test_paper_has_the_text_and_no_navigation(browser, address):
    browser.open(f"{address}/page/item/10722/1", media="print")
    shown = "[...document.querySelectorAll('{}')].filter(one => one.checkVisibility()).length"
    assert browser.evaluate(shown.format("nav, form, summary, .formats")) == 0
    assert browser.evaluate(shown.format("h1, .reference, .authors")) == 3
    assert browser.evaluate("getComputedStyle(document.body).backgroundColor") in {
        "rgba(0, 0, 0, 0)",
        "rgb(255, 255, 255)",
    }
