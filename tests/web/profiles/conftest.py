"""A site with a paper of very many authors."""

import pytest

from lod.web.app import create_app
from tests.helpers.web_site import BASE, PublishedHere, build, running

CROWD = 5_000
PREFIXES = """@prefix bibo: <http://purl.org/ontology/bibo/> . @prefix dcterms: <http://purl.org/dc/terms/> .
@prefix fabio: <http://purl.org/spar/fabio/> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix rt: <https://w3id.org/lod-repository/> .
@prefix schema: <http://schema.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
"""


@pytest.fixture(scope="module")
def crowd(tmp_path_factory, web_settings):
    """A site with a paper of very many authors, with files, one of them on the site's own host."""
    folder = tmp_path_factory.mktemp("crowd")
    people, cells = [], []
    list_ = f"{BASE}.well-known/genid/item/999/crowd/authorList/"
    for number in range(1, CROWD + 1):
        person = f"<{BASE}id/person/p{number}>"
        people.append(f'{person} a foaf:Person ; foaf:name "Name{number}, A" .')
        rest = f"<{list_}{number + 1}>" if number < CROWD else "rdf:nil"
        cells.append(f"<{list_}{number}> rdf:first {person} ; rdf:rest {rest} .")
    people.append(f"<{BASE}id/person/p2> schema:sameAs <https://orcid.org/0000-0002-1825-0097> .")
    item = f"""<{BASE}id/item/999/crowd> a rt:RepositoryItem , bibo:AcademicArticle ; dcterms:title "Crowd" ;
      bibo:authorList <{list_}1> ; bibo:doi "10.5555/crowd" ; dcterms:license <https://creativecommons.org/licenses/by/4.0/> ;
      fabio:hasRepresentation <{BASE}id/item/999/crowd#file-1> .
    <{BASE}id/item/999/crowd#file-1> dcterms:title "crowd.pdf" ; fabio:hasURL "https://data.example.org/files/crowd.pdf"^^xsd:anyURI ;
      dcterms:format <https://www.iana.org/assignments/media-types/application/pdf> ; dcat:byteSize 12345 .
    <{BASE}id/item/999/few> a rt:RepositoryItem , bibo:AcademicArticle ; dcterms:title "Few" ; dcterms:creator
      <{BASE}id/person/p1> , <{BASE}id/person/p2> ; fabio:hasRepresentation <{BASE}id/item/999/few#file-1> .
    <{BASE}id/item/999/few#file-1> fabio:hasURL "https://files.example.net/few.pdf"^^xsd:anyURI ;
      dcterms:format <https://www.iana.org/assignments/media-types/application/pdf> ; dcat:byteSize 77 ."""
    file = folder / "crowd.ttl"
    file.write_text("\n".join([PREFIXES, item, *people, *cells]))
    with running(create_app(web_settings, PublishedHere(build(folder, "first", [file])))) as app:
        yield app.test_client()
