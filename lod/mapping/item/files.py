"""Files of the item, with their checksums (MODEL section 13)."""

from __future__ import annotations

from collections import Counter
from string import hexdigits

from lod.errors import BadValueError
from lod.mapping.draft import Draft
from lod.mapping.resources.links import MEDIA_TYPE, MEDIA_TYPES, link_iri
from lod.mapping.values.dates import read_timestamp
from lod.mapping.values.iris import exact_key
from lod.rdf.claims import XSD_NS, Iri, iri, literal
from lod.record import File
from lod.report import Severity


def assemble(draft: Draft) -> None:
    terms = draft.terms
    # EPrints gives all files of a document the number of the document.
    files_of = Counter(file.sequence for file in draft.record.files)
    for position, file in enumerate(draft.record.files, start=1):
        if file.bundle != "ORIGINAL" or not file.url:
            continue
        try:
            address = link_iri(file.url)[1:-1]
        except BadValueError as fault:
            draft.note("F01", Severity.WARNING, f"The file {file.name!r} was left out: {fault}.")
            continue
        numbered = file.sequence if files_of[file.sequence] == 1 else None
        name = f"file-{exact_key(numbered) if numbered else f'n{position}'}"
        node = draft.part(name)
        draft.add(draft.item, terms["fabio:hasRepresentation"], node)
        draft.typed(node, "fabio:ComputerFile")
        draft.add(node, terms["dcterms:title"], literal(draft.crosswalk.masked(file.name)))
        if file.description:
            draft.add(node, terms["dcterms:description"], literal(draft.crosswalk.masked(file.description)))
        draft.add(node, terms["fabio:hasURL"], literal(address, datatype=f"{XSD_NS}anyURI"))
        if file.media_type and MEDIA_TYPE.fullmatch(file.media_type):
            draft.add(node, terms["dcterms:format"], iri(f"{MEDIA_TYPES}{file.media_type.lower()}"))
        if file.size_bytes is not None:
            draft.add(
                node, terms["dcat:byteSize"], literal(str(file.size_bytes), datatype=f"{XSD_NS}nonNegativeInteger")
            )
        if file.checksum:
            _state_checksum(draft, node, name, file)
        _state_embargo(draft, node)
    if not draft.record.files:
        _state_embargo(draft, draft.item)


def _state_embargo(draft: Draft, subject: Iri) -> None:
    """State from when on files are available; of the item itself where the source names no file. "For ever" is no day of an item."""
    for index, form in draft.waiting.embargo:
        for_ever = form.startswith(("9999-", "10000-"))
        if for_ever and subject == draft.item:
            draft.keep(index, "the embargo has no end")
            continue
        _, datatype, _ = read_timestamp(form)
        draft.add(subject, draft.terms["dcterms:available"], literal(form, datatype=datatype), index)


_HEX_DIGITS = {"md5": 32, "sha1": 40, "sha256": 64, "sha384": 96, "sha512": 128}
"""Hexadecimal digits of the checksums that SPDX has a name for, and repositories use."""


def _state_checksum(draft: Draft, node: Iri, name: str, file: File) -> None:
    """State the checksum of a file as DCAT does (spdx:checksum); SHA-256 has its short form as well (MODEL section 13)."""
    terms = draft.terms
    algorithm, _, digits = (file.checksum or "").partition(":")
    if len(digits) != _HEX_DIGITS.get(algorithm) or set(digits) - set(hexdigits):
        message = f"The checksum of the file {file.name!r} was left out: {draft.crosswalk.masked(file.checksum or '')!r} is none of {', '.join(_HEX_DIGITS)} in hexadecimal digits."
        draft.note("F06", Severity.INFO, message)
        return
    if algorithm == "sha256":
        draft.add(node, terms["schema:sha256"], literal(digits))
    checksum = draft.part(f"{name}-{algorithm}")
    draft.add(node, terms["spdx:checksum"], checksum)
    draft.typed(checksum, "spdx:Checksum")
    draft.add(checksum, terms["spdx:algorithm"], terms[f"spdx:checksumAlgorithm_{algorithm}"])
    draft.add(checksum, terms["spdx:checksumValue"], literal(digits, datatype=f"{XSD_NS}hexBinary"))
