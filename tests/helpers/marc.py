"""MARC records as tests write them: rows of tag and content, "10$aTitle /$cName" or the text of a control field."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from lod.sources.marc.fields import MarcField, MarcRecord, Subfield

LEADER = "00000cam a2200000 a 4500"
FIELD, SUBFIELD, RECORD = "\x1e", "\x1f", "\x1d"


def marc_field(tag: str, content: str) -> MarcField:
    """Return one field: indicators, then subfields after "$"; a control field as it is."""
    if tag < "010":
        return MarcField(tag, data=content)
    indicators, *parts = content.split("$")
    return MarcField(tag, indicators.ljust(2), [Subfield(part[:1], part[1:]) for part in parts])


def marc_record(*rows: tuple[str, str], leader: str = LEADER) -> MarcRecord:
    """Return a record."""
    return MarcRecord(leader, [marc_field(*row) for row in rows])


def iso2709(*rows: tuple[str, str], leader: str = LEADER) -> str:
    """Return a record in ISO 2709 whose texts are ASCII."""
    return iso2709_bytes(
        *((tag, content.replace("$", SUBFIELD).encode("ascii")) for tag, content in rows), leader=leader
    ).decode()


def iso2709_bytes(*rows: tuple[str, bytes], leader: str = LEADER) -> bytes:
    """Return a record in ISO 2709 of fields as bytes."""
    directory, body = b"", b""
    for tag, content in rows:
        data = content + FIELD.encode()
        directory += tag.encode() + b"%04d%05d" % (len(data), len(body))
        body += data
    base = len(LEADER) + len(directory) + 1
    start = b"%05d%s%05d%s" % (base + len(body) + 1, leader[5:12].encode(), base, leader[17:].encode())
    return start + directory + FIELD.encode() + body + RECORD.encode()


def marcxml(*rows: tuple[str, str], leader: str = LEADER) -> str:
    """Return an element `record` without a namespace."""
    parts = [f"<leader>{leader}</leader>"]
    for field in (marc_field(*row) for row in rows):
        if field.data:
            parts.append(f'<controlfield tag="{field.tag}">{escape(field.data)}</controlfield>')
            continue
        first, second = map(quoteattr, field.indicators)
        subfields = "".join(f'<subfield code="{code}">{escape(text)}</subfield>' for code, text in field.subfields)
        parts.append(f'<datafield tag="{field.tag}" ind1={first} ind2={second}>{subfields}</datafield>')
    return f"<record>{''.join(parts)}</record>\n"
