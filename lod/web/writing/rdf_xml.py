"""RDF/XML writer, one description a subject. Source: W3C RDF 1.1 XML Syntax; W3C XML 1.0, section 2.2 (characters)."""

from __future__ import annotations

import re
from xml.sax.saxutils import quoteattr

from lod.errors import LodError
from lod.rdf.claims import RDF_NS, RDF_TYPE, literal_parts
from lod.rdf.names import prefixed_name
from lod.web.reading.documents import Document, indexed, ordered_subjects, with_blank_cells
from lod.web.writing.json_ld_context import Context
from lod.web.writing.xml_text import NOT_XML, escaped

_LOCAL_NAME = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
_LAST_NAME = re.compile(r"(?<![\w.-])[\d.-]*+([A-Za-z_][\w.-]*+)\Z", re.ASCII)


class CannotWriteError(LodError):
    """A format cannot express a document; the message says which part, and which formats can."""


def write_rdf_xml(document: Document, context: Context) -> str:
    """Return a document as RDF/XML.

    Raises:
        CannotWriteError: a property has no XML name, or a text holds a character that XML forbids.
    """
    return f'<?xml version="1.0" encoding="utf-8"?>\n{rdf_element(document, context)}'


def rdf_element(document: Document, context: Context, *, attributes: str = "", replaced: bool = False) -> str:
    """Return the element rdf:RDF of a document, to stand alone or in other XML, with more `attributes`.

    `replaced` puts U+FFFD in place of characters that XML forbids, and a comment in place of properties without an XML name.

    Raises:
        CannotWriteError: see `write_rdf_xml`; not where such parts are to be replaced.
    """
    index = indexed(with_blank_cells(document.triples, context.cells))
    names = _Names(context)
    body: list[str] = []
    for subject in ordered_subjects(index, document.subject):
        properties = index[subject]
        body.append(f"  <rdf:Description {_named(subject, 'about')}>")
        for predicate in sorted(properties, key=lambda name: (name != RDF_TYPE, context.order(name))):
            try:
                name = names.of(predicate[1:-1])
            except CannotWriteError:
                if not replaced:
                    raise
                body.append(f"    <!-- XML has no name for the property {predicate[1:-1].replace('--', '- -')} -->")
                continue
            body += [f"    {element(name, object_, replaced=replaced)}" for object_ in properties[predicate]]
        body.append("  </rdf:Description>")
    spaces = "".join(f"\n  xmlns:{prefix}={quoteattr(space)}" for prefix, space in sorted(names.used.items()))
    return "\n".join([f"<rdf:RDF{spaces}{attributes}>", *body, "</rdf:RDF>", ""])


def element(name: str, object_: str, *, replaced: bool = False) -> str:
    """Return one property as an element; `replaced` puts U+FFFD in place of characters that XML forbids.

    Raises:
        CannotWriteError: the text has such a character, and it is not to be replaced.
    """
    if object_[0] != '"':
        return f"<{name} {_named(object_, 'resource')}/>"
    text, language, datatype = literal_parts(object_)
    unwritable = NOT_XML.search(text)
    if unwritable and not replaced:
        raise CannotWriteError(
            f"RDF/XML cannot hold the character U+{ord(unwritable.group()):04X}, which is in a value of {name}; "
            "ask for Turtle (.ttl), JSON-LD (.jsonld) or N-Triples (.nt)"
        )
    kind = f" xml:lang={quoteattr(language)}" if language else ""
    kind += f" rdf:datatype={quoteattr(datatype)}" if datatype else ""
    return f"<{name}{kind}>{escaped(text)}</{name}>"


def _named(node: str, attribute: str) -> str:
    """Return the attribute that names a node: an IRI by rdf:about or rdf:resource, a blank node by its label."""
    if node.startswith("_:"):
        return f"rdf:nodeID={quoteattr(node[2:])}"
    return f"rdf:{attribute}={quoteattr(node[1:-1])}"


class _Names:
    """Properties as XML names; collects the namespaces that are used."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._known: dict[str, str] = {}
        self.used = {"rdf": RDF_NS}

    def of(self, predicate: str) -> str:
        """Return the XML name of a property.

        Raises:
            CannotWriteError: it does not end with an XML name.
        """
        if predicate not in self._known:
            self._known[predicate] = self._name(predicate)
        return self._known[predicate]

    def _name(self, predicate: str) -> str:
        name = prefixed_name(predicate, self._context.prefix_names, _LOCAL_NAME)
        if name:
            prefix = name.partition(":")[0]
            self.used[prefix] = self._context.prefixes[prefix]
            return name
        match = _LAST_NAME.search(predicate)
        if match is None:
            raise CannotWriteError(
                f"RDF/XML cannot name the property {predicate}; "
                "ask for Turtle (.ttl), JSON-LD (.jsonld) or N-Triples (.nt)"
            )
        space = predicate[: match.start(1)]
        prefix = next((p for p, s in self.used.items() if s == space), f"ns{len(self.used)}")
        self.used[prefix] = space
        return f"{prefix}:{match[1]}"
