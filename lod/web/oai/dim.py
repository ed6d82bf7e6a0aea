"""dim: the fields of an item as its source gave them, in DSpace's own form; what is not shown on pages is not given here."""

from __future__ import annotations

from lod.web.oai.described import DescribedItem
from lod.web.writing.xml_text import element, tagged

DIM = "http://www.dspace.org/xmlns/dspace/dim"
DIM_SCHEMA = "http://www.dspace.org/schema/dim.xsd"


def write_dim(item: DescribedItem) -> str:
    """Return the fields of an item as DIM."""
    fields = []
    for row in item.view.reader.catalog.fields_of(item.item):
        if row.text is None:
            continue
        schema, _, rest = row.field.partition(".")
        name, _, qualifier = rest.partition(".")
        confidence = None if row.confidence is None else str(row.confidence)
        fields.append(
            element(
                "dim:field",
                row.text,
                {
                    "mdschema": schema,
                    "element": name or None,
                    "qualifier": qualifier,
                    "lang": row.language,
                    "authority": row.authority,
                    "confidence": confidence,
                },
            )
        )
    return tagged(
        "dim:dim",
        "".join(fields),
        {
            "xmlns:dim": DIM,
            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            "xsi:schemaLocation": f"{DIM} {DIM_SCHEMA}",
        },
    )
