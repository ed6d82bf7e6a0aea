"""The number of an article: by its form, or by the DOI of a publisher that numbers its articles."""

import pytest

from lod.mapping.publication.article_numbers import with_article_number
from lod.mapping.values.citation_forms import Citation

FRONTIERS = "Front. Pharmacol. 4:95. doi: 10.3389/fphar.2013.00095."


@pytest.mark.parametrize(
    ("cited", "texts", "number", "start"),
    [
        pytest.param(Citation(volume="4", start="95"), [FRONTIERS], "95", "", id="Frontiers"),
        pytest.param(Citation(volume="4", start="96"), [FRONTIERS], "", "96", id="another number"),
        pytest.param(Citation(volume="4", start="95"), [], "", "95", id="no DOI"),
        pytest.param(Citation(volume="4", start="95", paged=True), [FRONTIERS], "", "95", id="a page by its word"),
        pytest.param(Citation(volume="4", start="95", end="99"), [FRONTIERS], "", "95", id="a range of pages"),
        pytest.param(Citation(volume="9", in_brackets="85"), ["https://doi.org/10.3389/fnsys.2015.00085"], "85", "", id="in brackets"),
        pytest.param(Citation(volume="9", in_brackets="85"), [], "", "", id="in brackets, no DOI"),
        pytest.param(Citation(volume="9", start="29"), ["10.1186/1746-4269-9-29"], "29", "", id="BioMed Central"),
        pytest.param(Citation(volume="14", start="S3"), ["10.1186/1471-2164-14-s4-s3"], "S3", "", id="BioMed Central, a supplement"),
        pytest.param(Citation(volume="15", start="7"), ["10.1186/s12862-015-0303-7"], "", "", id="a check digit"),
        pytest.param(Citation(volume="47", start="10142"), ["10.1103/PhysRevB.47.10142"], "", "10142", id="a publisher that has pages"),
        pytest.param(Citation(volume="17", issue="4", start="43004"), ["10.5488/CMP.17.43004"], "43004", "", id="Condensed Matter Physics"),
        pytest.param(Citation(volume="351", start="h3576"), ["10.1136/bmj.h3576"], "h3576", "", id="BMJ"),
        pytest.param(Citation(volume="1402", start="066"), [], "066", "", id="a nought at its start"),
        pytest.param(Citation(volume="573", start="A69"), [], "A69", "", id="Astronomy & Astrophysics"),
        pytest.param(Citation(volume="34", issue="S2", start="S182"), [], "", "S182", id="a page of a supplement"),
        pytest.param(Citation(volume="34", start="3"), [], "", "", id="a page or an issue"),
        pytest.param(Citation(volume="34", issue="2", start="3"), [], "", "3", id="a page beside the issue"),
        pytest.param(Citation(volume="34", start="3", program="Zenodo"), [], "", "3", id="a form that is read"),
        pytest.param(Citation(volume="10", number="16", start=""), [], "16", "", id="by its form"),
    ],
)  # fmt: skip
def test_the_number_of_an_article_stands_apart_from_pages(cited, texts, number, start):
    found = with_article_number(cited, texts)
    assert (found.number, found.start) == (number, start)
    assert found.volume == cited.volume
