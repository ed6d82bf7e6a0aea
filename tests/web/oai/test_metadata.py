"""The forms of metadata: what each says of one item, and that none of it is lost or leaks."""

import pyoxigraph as ox
import pytest
from lxml import etree

from lod.sources.oai.payloads import read_payload
from tests.web.oai.conftest import BASE, FULL, OAI, record

KEY = "20.500.99/1"
TITLE = "A study & <more>"
NOTE = "Before \ufffd and \ufffd after"


def texts(root, name):
    return [part.text for part in root.iter(f"{{*}}{name}")]


def test_oai_dc_loses_no_author_date_or_identifier(harvester):
    root = harvester.metadata(KEY, "oai_dc")
    assert texts(root, "title") == [TITLE, "Una prova"]
    assert texts(root, "creator") == ["Berg, Ann 1", "Čapek, K."]
    assert texts(root, "contributor") == ["Dubois, Anne"]
    assert "2019-05" in texts(root, "date")
    assert texts(root, "type") == ["journal article", "http://purl.org/coar/resource_type/c_6501"]
    assert texts(root, "identifier")[:3] == [
        "https://doi.org/10.5555/abc",
        f"{BASE}id/item/{KEY}",
        "https://hdl.handle.net/20.500.99/1",
    ]
    assert {"open access", "https://creativecommons.org/licenses/by/4.0/"} <= set(texts(root, "rights"))
    assert "Journal of Tests" in texts(root, "source")


def test_qdc_has_the_refinements(harvester):
    root = harvester.metadata(KEY, "qdc")
    assert texts(root, "alternative") == ["Una prova"]
    assert texts(root, "issued") == ["2019-05"]
    assert texts(root, "accessRights") == ["open access"]
    assert len(texts(root, "abstract")) == 1
    assert not texts(root, "date")


@pytest.mark.parametrize("number", [2, "4X", 200])
def test_rdf_is_the_graph_that_the_address_of_the_data_gives(harvester, number):
    element = harvester.metadata(f"20.500.99/{number}", "rdf")
    given = harvester.client.get(f"/repo/data/item/20.500.99/{number}.rdf").data

    def graph(text):
        return ox.Dataset(ox.parse(text, format=ox.RdfFormat.RDF_XML))

    one, other = graph(etree.tostring(element)), graph(given)
    one.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    other.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    assert len(one) > 20
    assert set(one) == set(other)


def test_rdf_of_what_xml_cannot_hold_is_written_all_the_same(harvester):
    assert harvester.client.get(f"/repo/data/item/{KEY}.rdf").status_code == 406
    assert NOTE in "".join(harvester.metadata(KEY, "rdf").itertext())


def test_mods_has_names_with_roles_and_the_host_with_its_numbers(harvester):
    root = harvester.metadata(KEY, "mods")
    names = [(name.findtext("{*}namePart"), name.findtext("{*}role/{*}roleTerm")) for name in root.iterfind("{*}name")]
    assert names == [("Berg, Ann 1", "aut"), ("Čapek, K.", "aut"), ("Dubois, Anne", "edt")]
    host = root.find("{*}relatedItem")
    assert host.get("type") == "host"
    assert host.findtext("{*}titleInfo/{*}title") == "Journal of Tests"
    assert (host.findtext(".//{*}number"), host.findtext(".//{*}start"), host.findtext(".//{*}end")) == (
        "7",
        "11",
        "19",
    )
    assert host.findtext("{*}identifier") == "0378-5955"
    assert root.find("{*}genre").get("valueURI") == "http://purl.org/coar/resource_type/c_6501"


def test_oai_openaire_has_what_the_guidelines_ask_for(harvester):
    root = harvester.metadata(KEY, "oai_openaire")
    assert texts(root, "creatorName") == ["Berg, Ann 1", "Čapek, K."]
    assert root.find("{*}rights").get("rightsURI") == "http://purl.org/coar/access_right/c_abf2"
    assert root.find("{*}resourceType").attrib == {
        "resourceTypeGeneral": "literature",
        "uri": "http://purl.org/coar/resource_type/c_6501",
    }
    assert (root.find("{*}identifier").get("identifierType"), root.findtext("{*}identifier")) == (
        "DOI",
        "https://doi.org/10.5555/abc",
    )
    assert root.findtext("{*}file") == "https://files.example.org/a.pdf"
    assert [part.text for part in root.iter("{*}date") if part.get("dateType") == "Issued"] == ["2019-05"]
    assert harvester.metadata("20.500.99/2", "oai_openaire").find("{*}rights") is None


def test_dim_has_the_fields_of_the_source_without_what_is_withheld(harvester):
    values = {(value.field, value.text.rstrip()) for value in read_payload(harvester.metadata(KEY, "dim")).values}
    given = {
        (value.field, value.text.replace("\x01", "\ufffd").replace("\ufffe", "\ufffd").rstrip())
        for value in FULL.values
    }
    assert given - values == {("dc.identifier.email", "ann@example.org")}
    assert values <= given


@pytest.mark.parametrize("prefix", ["oai_dc", "qdc", "rdf", "oai_openaire", "mods", "dim"])
def test_every_form_has_title_and_authors_and_no_address_of_a_person(harvester, prefix):
    text = etree.tostring(harvester.metadata(KEY, prefix), encoding="unicode")
    for expected in ("study &amp; &lt;more&gt;", "Čapek, K.", "2019-05"):
        assert expected in text
    assert "ann@example.org" not in text


def test_an_item_described_by_rdf_made_elsewhere_has_no_fields(tmp_path, plan, oai_settings, schema):
    from lod.publish.run import publish
    from lod.record import RDF_CLAIM, Record, Value
    from lod.store.generation.generations import Site
    from lod.web.app import create_app
    from tests.helpers.web_site import running
    from tests.web.oai.conftest import Harvester

    about = "https://elsewhere.example.org/1"
    lines = [
        f'<{about}> <http://purl.org/dc/terms/title> "A thing" .',
        f"<{about}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://purl.org/ontology/bibo/Document> .",
    ]
    given = Record("/data/b.ttl", "b.ttl", tuple(Value(RDF_CLAIM, line) for line in lines), about=about)
    site = Site(tmp_path)
    publish([record(1), given], plan, site)
    with running(create_app(oai_settings, site)) as app:
        harvester = Harvester(app, schema)
        keys = [key for key, *_ in harvester.headers()]
        if len(keys) == 1:
            pytest.fail("the resource was not published")
        (other,) = set(keys) - {KEY}
        assert [key for key, *_ in harvester.headers(metadataPrefix="dim")] == [KEY]
        identifier = f"{BASE}id/item/{other}"
        formats = harvester.ask("ListMetadataFormats", identifier=identifier)
        assert "dim" not in [part.text for part in formats.iter(f"{OAI}metadataPrefix")]
        assert harvester.error("GetRecord", identifier=identifier, metadataPrefix="dim") == (
            "cannotDisseminateFormat",
            "this item has no metadata of the form dim",
        )
        assert texts(harvester.metadata(other, "oai_dc"), "title") == ["A thing"]
