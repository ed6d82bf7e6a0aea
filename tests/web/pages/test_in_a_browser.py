"""What only a browser can tell: sizes of targets, and that links differ from text by more than their colour."""

import html
import json
import re
import shutil
import subprocess

import pytest

LOD_CSS = re.compile(r'<link rel="stylesheet"[^>]*>')
SCRIPT = """<pre id="measured"></pre><script>
const links = [...document.querySelectorAll("main a")].map(link => {
  const box = link.getBoundingClientRect();
  return {within: link.closest(".authors, .members, .values, .list") !== null, width: box.width, height: box.height,
          find: link.classList.contains("find"), line: getComputedStyle(link).textDecorationLine};
});
document.getElementById("measured").textContent = JSON.stringify(links);
</script>"""


@pytest.fixture(scope="module")
def chromium():
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    return found or pytest.skip("Chromium is not installed")


def measured(chromium, client, path, folder, **replaced):
    """Return the links of a page as a browser lays them out, in a window as narrow as a telephone."""
    style = client.get("/repo/static/style.css")
    text = LOD_CSS.sub(lambda _: f"<style>{style.text}</style>", client.get(path).text)
    style.close()
    for old, new in replaced.items():
        text = text.replace(old, new)
    page = folder / "page.html"
    page.write_text(text.replace("</main>", f"{SCRIPT}</main>"), encoding="utf-8")
    options = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={folder / 'profile'}",
        "--window-size=375,900",
    ]
    command = [chromium, *options, "--dump-dom", page.as_uri()]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return json.loads(html.unescape(re.search(r'<pre id="measured">(.*?)</pre>', result.stdout, re.DOTALL)[1]))


def test_links_in_lists_are_targets_of_24_pixels_also_where_a_name_is_one_letter(chromium, client, tmp_path):
    """WCAG 2.2, 2.5.8."""
    links = measured(chromium, client, "/repo/page/item/999/a.b/c", tmp_path, **{"Lu, L": "I"})
    sizes = [(link["width"], link["height"]) for link in links if link["within"]]
    assert len(sizes) > 5
    assert min(width for width, _ in sizes) >= 24
    assert min(height for _, height in sizes) >= 24


def test_links_to_fragments_are_underlined_and_large_enough(chromium, client, tmp_path):
    """WCAG 2.2, 1.4.1 and 2.5.8."""
    finds = [link for link in measured(chromium, client, "/repo/fragments?format=html", tmp_path) if link["find"]]
    assert len(finds) == 300
    assert {link["line"] for link in finds} == {"underline"}
    assert min(min(link["width"], link["height"]) for link in finds) >= 24
