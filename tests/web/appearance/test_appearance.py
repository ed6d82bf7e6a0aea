"""A site's own face: colours that can be read, a logo, templates over ours block by block, and what is wrong with them."""

import json
import re

import pytest

from lod.bundled import SAMPLE
from lod.errors import ConfigError
from lod.settings.colours import DARK, LIGHT, contrast, least_contrast, nearest_that_passes
from lod.settings.table import make_settings, read_settings
from lod.web.app import create_app
from lod.web.appearance.site_files import read_appearance
from lod.web.appearance.templates import BUNDLED, blocks, known_blocks
from tests.helpers.paths import ROOT
from tests.helpers.publishing_site import PublishingSite
from tests.helpers.web_site import running

STYLE = (BUNDLED.parent / "static" / "style.css").read_text(encoding="utf-8")
LOGO = '<svg xmlns="http://www.w3.org/2000/svg"/>'


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48), ("#ffffff", "#ffffff", 1.0)],
)
def test_contrast_is_that_of_wcag(one, other, expected):
    assert contrast(one, other) == pytest.approx(expected, abs=0.01)


def test_the_backgrounds_are_those_of_the_style_sheet():
    found = re.findall(r"--(?:paper|tint): (#[0-9a-f]{6});", STYLE.partition("@media print")[0])
    assert tuple(found) == (*LIGHT, *DARK)


@pytest.mark.parametrize("backgrounds", [pytest.param(LIGHT, id="light"), pytest.param(DARK, id="dark")])
@pytest.mark.parametrize("colour", ["#ffcc00", "#ff0000", "#808080", "#ffffff", "#000000", "#0b57a4"])
def test_the_nearest_colour_passes_and_one_that_passes_is_itself(colour, backgrounds):
    found = nearest_that_passes(colour, backgrounds)
    assert least_contrast(found, backgrounds) >= 4.5
    assert nearest_that_passes(found, backgrounds) == found


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (
            {"accent_colour": "#ffcc00"},
            "lod.toml: 'accent_colour' is #ffcc00, which has a contrast of 1.4 : 1 on light pages; text has to have 4.5 : 1 "
            "(WCAG 2.2, 1.4.3). The nearest that passes is #896d00",
        ),
        (
            {"accent_colour_dark": "#333333"},
            "lod.toml: 'accent_colour_dark' is #333333, which has a contrast of 1.2 : 1 on dark pages; text has to have 4.5 : 1 "
            "(WCAG 2.2, 1.4.3). The nearest that passes is #8a8a8a",
        ),
        ({"accent_colour": "red"}, "lod.toml: 'accent_colour' is 'red'; it takes a colour, such as #0b57a4"),
        (
            {"links": {"About": "about.html"}},
            "lod.toml: 'links' leads from 'About' to 'about.html'; it takes one http or https address",
        ),
    ],
)
def test_a_setting_that_cannot_be_read_on_pages_says_what_would(table, message):
    with pytest.raises(ConfigError) as error:
        make_settings({"base_iri": "https://example.org/", **table}, {})
    assert error.value.faults == (message,)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A published site with a face of its own."""
    site = PublishingSite(tmp_path_factory.mktemp("face") / "site")
    templates = site.folder / "templates"
    templates.mkdir()
    (templates / "logo.svg").write_text(LOGO, encoding="utf-8")
    (templates / "site.css").write_text(".place { font-style: italic }\n", encoding="utf-8")
    (templates / "_note.html").write_text("<p>Ask at the desk.</p>\n", encoding="utf-8")
    (templates / "base.html").write_text(
        '{% extends "lod/base.html" %}{% block site_footer %}<footer class="site">{% include "_note.html" %}</footer>{% endblock %}',
        encoding="utf-8",
    )
    (templates / "item.html").write_text(
        '{% extends "lod/item.html" %}{% block item_abstract %}<h2>Zusammenfassung</h2>{{ super() }}{% endblock %}',
        encoding="utf-8",
    )
    with (site.folder / "lod.toml").open("a", encoding="utf-8") as file:
        file.write(
            '\nlogo = "logo.svg"\naccent_colour = "#7a1f5c"\nlinks = { "About us" = "https://example.org/about" }\n'
        )
    result = site.publish(SAMPLE)
    assert result.exit_code == 0, result.output
    return site


@pytest.fixture(scope="module")
def client(site):
    settings = read_settings(site.folder)
    from lod.store.generation.generations import Site

    with running(create_app(settings, Site(site.folder), read_appearance(settings, site.folder))) as app:
        client = app.test_client()
        client.environ_base["HTTP_ACCEPT"] = "text/html"
        yield client


def test_a_template_of_the_site_changes_its_block_and_nothing_else(client):
    text = client.get("/page/item/10722/129504").text
    assert text.index("<h2>Zusammenfassung</h2>") < text.index('<h2 id="abstract">Abstract</h2>')
    assert '<h2 id="cite">How to cite</h2>' in text
    assert "<p>Ask at the desk.</p>" in text
    assert "Zusammenfassung" not in client.get("/").text
    assert "<p>Ask at the desk.</p>" in client.get("/search").text


def test_colours_and_logo_are_files_of_the_site(client):
    text = client.get("/").text
    style, logo = (
        re.search(r'href="(/site\.css\?v=[0-9a-f]+)"', text)[1],
        re.search(r'src="(/logo\.svg\?v=[^"]+)" alt=""', text)[1],
    )
    css = client.get(style)
    assert css.text == (
        ":root{--link:#7a1f5c}@media(prefers-color-scheme:dark){:root{--link:#d65dae}}\n.place { font-style: italic }\n"
    )
    image = client.get(logo)
    assert (image.text, image.mimetype) == (LOGO, "image/svg+xml")
    assert image.headers["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert client.get("/logo.png").status_code == 404
    assert "style=" not in text


def test_another_template_is_another_answer(site, client):
    settings = read_settings(site.folder)
    before = read_appearance(settings, site.folder)
    path = site.folder / "templates" / "_note.html"
    kept = path.read_bytes()
    try:
        path.write_text("<p>Closed today.</p>", encoding="utf-8")
        assert read_appearance(settings, site.folder).digest != before.digest
    finally:
        path.write_bytes(kept)


def test_the_footer_has_links_contact_and_the_licence_by_name(search_site, make_app):
    app = make_app(
        make_settings(
            {
                "base_iri": "https://example.org/",
                "license": "https://creativecommons.org/licenses/by/4.0/",
                "contact_email": "data@example.org",
                "links": {"About us": "https://example.org/about"},
            },
            {},
        ),
        search_site.site_of_generations,
    )
    footer = app.test_client().get("/").text.partition('<footer class="site">')[2]
    assert '<a href="https://example.org/about">About us</a>' in footer
    assert '<a href="mailto:data@example.org">' in footer
    assert 'href="https://creativecommons.org/licenses/by/4.0/">CC BY 4.0</a>' in footer


def test_check_names_templates_blocks_and_files_that_do_not_exist(tmp_path):
    site = PublishingSite(tmp_path / "site")
    templates = site.folder / "templates"
    templates.mkdir()
    for name, text in (
        ("itme.html", ""),
        ("thing.html", '{% extends "lod/thing.html" %}{% block thing_yers %}{% endblock %}'),
        ("start.html", "<h1>Mine</h1>"),
        ("item.html", '{% extends "lod/item.html" %}{% block item_head %}'),
    ):
        (templates / name).write_text(text, encoding="utf-8")
    with (site.folder / "lod.toml").open("a", encoding="utf-8") as file:
        file.write('\nlogo = "logo.tiff"\n')
    result = site.run("check", "--site", site.folder, "--json")
    assert result.exit_code == 2
    faults = json.loads(result.stdout)["faults"]
    assert [fault.replace(f"{site.folder}/", "") for fault in faults] == [
        "lod.toml: 'logo' is 'logo.tiff'; it takes a file that ends with one of svg, png, jpg, jpeg, webp, gif",
        "templates/item.html, line 1: Unexpected end of template. Jinja was looking for the following tags: 'endblock'. The innermost "
        "block that needs to be closed is 'block'.",
        "templates/itme.html: there is no template itme.html; did you mean item.html? A part of your own has a name that begins with _",
        'templates/start.html: begin it with {% extends "lod/start.html" %}, and give the blocks that you change',
        "templates/thing.html, line 1: thing.html has no block thing_yers; did you mean thing_years?",
    ]
    assert site.run("serve", "--site", site.folder, "--port", "0").exit_code == 2


def test_the_documentation_lists_every_block():
    text = (ROOT / "docs" / "appearance.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z_/]+\.html)` \| (.*?) \|", text, re.MULTILINE)
    documented = {name: tuple(re.findall(r"`([a-z_]+)`", cell)) for name, cell in rows}
    assert documented == {name: found for name, found in blocks().items() if found}
    assert "site_footer" in known_blocks("item.html")
