"""The Engine protocol: what every SHACL engine takes and returns, and the findings that it makes."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from lod.privacy import excerpt
from lod.report import Finding, Severity
from lod.validation.rules.record_index import RecordIndex
from lod.validation.rules.table import LONGEST_VALUE, RuleText, shown
from lod.validation.shapes import Shapes

UNVALIDATED = "unvalidated"
"""Rule of the finding about a record on which the engine itself failed."""


class Engine(Protocol):
    """Runs the shapes over a record (contract: tests/validation/engines/)."""

    def __call__(self, record: RecordIndex, shapes: Shapes) -> list[Finding]:
        """Return the findings about a record that breaks no rule of `UNREADABLE`, `in_order`; called within `quiet`.

        An exception in a check becomes the finding `unvalidated`, and the record has no other.
        """


class _NoConversions(logging.Filter):
    """Drops rdflib's warnings, a traceback each, about literals that do not fit their type: rules G05 and I19 report them."""

    def filter(self, record: logging.LogRecord) -> bool:
        return "Failed to convert" not in str(record.msg)


@contextmanager
def quiet() -> Iterator[None]:
    """Keep rdflib from logging each literal that does not fit its type, and pySHACL from warning of each recursion."""
    logger, filter_ = logging.getLogger("rdflib.term"), _NoConversions()
    logger.addFilter(filter_)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Parsing weird boolean", module="rdflib")
        warnings.filterwarnings("ignore", category=Warning, module="pyshacl")
        try:
            yield
        finally:
            logger.removeFilter(filter_)


def unvalidated(record: RecordIndex, fault: Exception) -> Finding:
    """Return the violation about a record on which the engine failed."""
    reason = " ".join(f"{type(fault).__name__}: {fault}".split())
    return Finding(
        rule=UNVALIDATED,
        severity=Severity.VIOLATION,
        message="Record could not be validated: the validator broke off. Compare it with others of its kind, or try it "
        "without your own shapes; if neither helps, report it with this record.",
        record=record.key,
        value=excerpt(reason, LONGEST_VALUE),
        focus=record.item[1:-1],
    )


def finding_about(
    record: RecordIndex,
    rule: RuleText,
    focus: str,
    properties: Sequence[tuple[str, str]],
    value: str | None,
    *,
    is_iri: bool = False,
) -> Finding:
    """Return the finding for one result of a shape.

    Args:
        focus: what the shape looked at: an IRI, or the text of a literal.
        properties: those of the path, in the order in which it names them: IRI and prefixed name.
        value: the text of the value, None where the result has none.
        is_iri: whether the value is an IRI.
    """
    subject = f"<{focus}>"
    property_, name = _property_of(record, subject, properties, value, is_iri)
    if value is None:
        # Counts and doubled languages have no value of their own: show all values of the property.
        value = " | ".join(shown(term) for term in sorted(record.objects(subject, name))) if name else ""
    return Finding(
        rule=rule.id,
        severity=rule.severity,
        message=rule.message,
        record=record.key,
        value=excerpt(value, LONGEST_VALUE),
        focus=focus,
        path=property_,
    )


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings about a record, each once, by rule, focus, path and value."""
    return sorted(
        dict.fromkeys(findings), key=lambda finding: (finding.rule, finding.focus, finding.path, finding.value)
    )


def _property_of(
    record: RecordIndex, subject: str, properties: Sequence[tuple[str, str]], value: str | None, is_iri: bool
) -> tuple[str, str]:
    """Return the property of a path that leads to the value; where none does directly, the first that the path names."""
    if value is not None:
        for property_, name in properties:
            for term in record.objects(subject, name):
                if term == f"<{value}>" if is_iri else term.startswith('"'):
                    return property_, name
    return properties[0] if properties else ("", "")
