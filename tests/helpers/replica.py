"""A replica of what is published, made from the change feed alone, as a client of event streams makes it."""

import pyoxigraph as ox

from lod.feed.stream import EventStream
from lod.rdf.claims import claim, iri, literal

AS = "https://www.w3.org/ns/activitystreams#"
TREE = "https://w3id.org/tree#"
VERSION_OF = "http://purl.org/dc/terms/isVersionOf"


def members_of(text):
    """Yield the members of a page in its order: name, properties, and the claims of its named graph."""
    page = ox.Dataset(ox.parse(text, format=ox.RdfFormat.TRIG))
    member = ox.NamedNode(f"{TREE}member")
    names = [quad.object for quad in page if quad.predicate == member]
    for name in sorted(names, key=lambda name: int(name.value.rpartition("/")[2])):
        about = [quad for quad in page.quads_for_subject(name) if quad.graph_name == ox.DefaultGraph()]
        properties = {quad.predicate.value: quad.object.value for quad in about}
        yield name.value, properties, sorted(map(written, page.quads_for_graph_name(name)))


def written(quad):
    subject, predicate, object_ = quad.subject, quad.predicate, quad.object
    if isinstance(object_, ox.NamedNode):
        term = iri(object_.value)
    elif object_.language:
        term = literal(object_.value, language=object_.language)
    else:
        plain = object_.datatype.value == "http://www.w3.org/2001/XMLSchema#string"
        term = literal(object_.value, datatype=None if plain else object_.datatype.value)
    return claim(iri(subject.value), iri(predicate.value), term)


def apply(things, text):
    """Apply the members of a page to what is known of each thing, and return what they did to which."""
    done = []
    for _, properties, claims in members_of(text):
        kind = properties["http://www.w3.org/1999/02/22-rdf-syntax-ns#type"].removeprefix(AS)
        thing = properties[VERSION_OF]
        assert (thing in things) == (kind != "Create"), f"{kind} {thing}"
        assert bool(claims) == (kind != "Delete")
        things.pop(thing, None)
        if claims:
            things[thing] = claims
        done.append((kind, thing))
    return done


def claims_in(things):
    """Return the claims of all things, sorted; each belongs to one thing."""
    return sorted(line for claims in things.values() for line in claims)


def replica(generation):
    """Return the claims that the stream of a generation leads to, None where it has no stream."""
    stream = EventStream.of(generation)
    if stream is None:
        return None
    assert stream.faults() == []
    things = {}
    for number in range(1, len(stream.pages) + 1):
        apply(things, stream.read_page(number))
    assert len(things) == stream.things
    return claims_in(things)
