"""A small published site whose records have what search must find: scripts, marks, people with and without an iD, journals."""

import csv
from types import SimpleNamespace

import pyoxigraph as ox

from lod.store.generation.generations import Site
from lod.store.search.build.schema import SEARCH
from lod.store.search.find.index import SearchIndex
from tests.helpers.publishing_site import PublishingSite

COLUMNS = (
    "dc.identifier.uri", "dc.title", "dc.contributor.author", "dc.date.issued", "dc.type", "dc.relation.ispartof",
    "dc.identifier.issn", "dc.identifier.volume", "dc.identifier.spage", "dc.publisher", "dc.language.iso", "dc.subject",
    "dc.subject.mesh", "dc.rights.uri", "dc.relation.funding", "dc.description.abstract", "dc.identifier.doi",
)  # fmt: skip
JOURNAL = ("Annals of Things", "0003-4967")
RECORDS = (
    ("1", "Süßstoff in Łódź", "Đặng, Văn||Ørsted, H. C.", "2008-05", "Article", *JOURNAL, "9", "20", "Verlag Ä", "de", "sweeteners", "", "", "", "Von Zucker und Œuvre.", "10.5555/ABC.1"),
    ("2", "香港大學學報的紅斑狼瘡", "陳, 大文", "2010", "Article", *JOURNAL, "10", "7", "大學出版社", "zh", "醫學", "Lupus Erythematosus, Systemic", "", "", "", "10.5555/abc.2"),
    ("3", "Élan and energy", "Lu, L", "2010-02-03", "Thesis", "", "", "", "", "", "en", "energy||heat", "", "https://creativecommons.org/licenses/by/4.0/", "CGIAR Trust Fund", "About heat.", ""),
    ("4", "Eland antelopes", "Lu, L||Roe, A", "2015", "Report", "", "", "", "", "Press of Tests", "en", "energy", "", "", "", "Of “heat” and AND OR NOT NEAR(a b).", ""),
    ("5", "Zebra crossings: a survey", "Roe, A", "", "Other", "", "", "", "", "", "", "Energy", "", "", "", "", ""),
    ("6", "Heat pumps, heat and more heat", "", "1999", "Article", "논문 학회지", "", "3", "1", "", "ko", "heat", "", "", "", "", "10.5555/heat"),
)  # fmt: skip


def publish(folder):
    """Publish the records into a new site; give the site, its live generation, the index, and a function that asks its store."""
    site, source = PublishingSite(folder / "site"), folder / "records.csv"
    with source.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        rows.writerows((f"http://hdl.handle.net/10722/{row[0]}", *row[1:]) for row in RECORDS)
    result = site.publish(source)
    assert result.exit_code == 0, result.output
    generation = site.live
    store = ox.Store.read_only(str(generation.directory / "store"))
    return SimpleNamespace(
        site=site,
        site_of_generations=Site(site.folder),
        generation=generation,
        index=SearchIndex.open(generation.directory / SEARCH),
        query=store.query,
    )
