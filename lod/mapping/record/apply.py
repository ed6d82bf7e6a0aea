"""Mapping of one record: the front door of the package."""

from __future__ import annotations

from collections.abc import Set

from lod.errors import BadValueError
from lod.long_texts import collapse
from lod.mapping.crosswalk import Crosswalk
from lod.mapping.draft import Draft
from lod.mapping.mapped import Mapped, ValueFate
from lod.mapping.record.assemble import assemble
from lod.mapping.record.kinds import KINDS
from lod.mapping.record.ready_made import map_ready_made
from lod.mapping.resources.authorities import keep_key, keep_other_keys
from lod.mapping.resources.funding import take_grant
from lod.mapping.unlabelled.dates import FieldReading
from lod.mapping.unlabelled.fields import read_unlabelled
from lod.mapping.values.citations import title_among
from lod.mapping.values.iris import chosen_key, escaped, item_key
from lod.mapping.values.text import clean_text, language_tag
from lod.privacy import mask_addresses
from lod.rdf.claims import Term, literal
from lod.record import Record, Value
from lod.report import Fate, Severity
from lod.settings.table import KEY_SCHEMES

_DEFAULT = "default of the source"


def map_record(record: Record, crosswalk: Crosswalk, generated: str, *, distrusted: Set[int] = frozenset()) -> Mapped:
    """Return what the crosswalk makes of a record; `generated` is the moment of mapping, ISO 8601 in UTC with "Z".

    Nothing is guessed of the values at the positions in `distrusted`. The claims of RDF that was made elsewhere are taken as they are.

    Pure: the same record, crosswalk and moment give the same claims, on any machine and in any order.

    Raises:
        BadValueError: the record has no key (`lod.mapping.values.iris.item_key`).
    """
    settings = crosswalk.settings
    key = item_key(record, settings.handle_prefix, settings.key_from)
    if record.about:
        return map_ready_made(record, key, crosswalk)
    labelled, readings = read_unlabelled(record, key, crosswalk)
    draft = Draft(labelled, key, crosswalk, generated, source_values=record.values)
    for index, value in enumerate(labelled.values):
        _take(draft, index, value, readings.get(index))
    _state_chosen_key(draft)
    assemble(draft, distrusted)
    _keep_verbatim(draft)
    keep_other_keys(draft)
    return _finished(draft)


def _state_chosen_key(draft: Draft) -> None:
    """State the value of a field that the site makes keys of: it is the item's identifier (docs/adr/0013)."""
    chosen = chosen_key(draft.record, draft.crosswalk.settings.key_from)
    if chosen and chosen.key == draft.key and chosen.name not in KEY_SCHEMES:
        origins = () if chosen.position is None else (chosen.position,)
        draft.add(draft.item, draft.terms["dcterms:identifier"], literal(chosen.text), *origins)
        if chosen.position is not None and draft.states[chosen.position].rule is None:
            draft.states[chosen.position].why = "the site makes the key of the record of it (key_from)"


def _take(draft: Draft, index: int, value: Value, reading: FieldReading | None) -> None:
    rule = draft.crosswalk.rule_for(value.field, value.text)
    state = draft.states[index]
    if draft.record.is_default(index):
        state.why = _DEFAULT
    if why := draft.maps.keeps_a_place(value.text):
        draft.withhold(index, why, named=False)
        draft.note("no-value", Severity.INFO, f"Left out: {why}.", index)
        if rule is not None and rule.kind == "grant":
            take_grant(draft, rule, index)
        return
    if rule is None:
        state.kept, state.why = True, "no rule of the crosswalk takes the field"
        _withhold_address(draft, index, value)
        return
    state.rule = rule
    kind = KINDS[rule.kind]
    if not kind.prose and kind.name not in {"withheld", "system"} and _withhold_address(draft, index, value):
        return
    if reading is not None:
        # A value whose field was told by its shape is kept verbatim too: the shape may be wrong.
        draft.keep(index, reading.why)
        if reading.guessed:
            draft.guessed_values.add(index)
        if not reading.field:
            return
    if rule.keep == "always":
        draft.keep(index)
    words_of = rule.options["as"] if kind.name == "enumeration" else kind.name
    if why := draft.maps.no_value(words_of, value.text):
        draft.weaken(index, "no-value", f"Kept verbatim: {why}.", Severity.INFO)
        return
    try:
        if kind.longest and len(value.text) > kind.longest:
            raise BadValueError(
                f"{len(value.text):,} characters, and no more than {kind.longest:,} can be read as {kind.help}; shorten the value, "
                "or move it to a field for texts"
            )
        if not kind.prose:
            literal(value.text)  # half of a surrogate pair can be written nowhere
        kind.take(draft, rule, index)
    except BadValueError as fault:
        finding = kind.finding
        if kind.name == "identifier":
            finding = draft.crosswalk.schemes[rule.options["scheme"]].finding
        draft.weaken(index, finding, f"Not mapped but kept verbatim: {fault}.")
        keep_key(draft, index, "its value could not be read")


def _withhold_address(draft: Draft, index: int, value: Value) -> bool:
    if not draft.crosswalk.hides(value.text):
        return False
    draft.withhold(index, "it holds an e-mail address")
    message = "The value holds an e-mail address and was withheld whole. Take the address out of the field."
    draft.note("A06", Severity.WARNING, message, index)
    return True


def _keep_verbatim(draft: Draft) -> None:
    """State the verbatim copies on the record, and the names of withheld fields (MODEL section 20)."""
    terms = draft.terms
    draft.guessed_values.clear()  # a copy is no guess
    for index, state in enumerate(draft.states):
        field = draft.source_values[index].field
        if state.withheld and field in draft.withheld_fields:
            draft.add(draft.document, terms["rt:suppressedField"], literal(field), index)
    stated = {index for origins in draft.claims.values() for index in origins}
    for index, state in enumerate(draft.states):
        value = draft.source_values[index]
        if draft.record.is_default(index):
            # The record does not say it, so there is no copy of what it says.
            if index not in stated and not state.withheld:
                draft.withhold(index, f"{_DEFAULT}; nothing can be stated of it: {state.why}", named=False)
        elif _is_copied(draft, index, stated=index in stated):
            draft.add(draft.document, terms[f"fld:{escaped(value.field)}"], _verbatim(draft, index, value), index)


def _is_copied(draft: Draft, index: int, *, stated: bool) -> bool:
    """Decide whether a value has a verbatim copy. A field of which one value is withheld has none at all (R10)."""
    state, field = draft.states[index], draft.source_values[index].field
    if state.withheld:
        return False
    state.kept = state.kept or not stated
    if state.kept and field in draft.withheld_fields:
        if not stated:
            draft.withhold(index, f"another value of {field} is withheld")
        return False
    mapped_whole = stated and state.rule is not None and state.rule.keep == "never"
    return state.kept and not mapped_whole


def _verbatim(draft: Draft, index: int, value: Value) -> Term:
    rule = draft.states[index].rule
    tagged = rule is None or KINDS[rule.kind].tagged
    text = draft.crosswalk.masked(value.text) if draft.states[index].masked else value.text
    try:
        tag = language_tag(value.language) if tagged else None
    except BadValueError:
        tag = None
    try:
        return literal(text, language=tag)
    except BadValueError:
        return literal(clean_text(text)[0], language=tag)


def _finished(draft: Draft) -> Mapped:
    by_value: list[list[str]] = [[] for _ in draft.record.values]
    mapped = [False] * len(by_value)
    verbatim = f"{draft.document} <{draft.crosswalk.vocabulary.prefixes['fld']}"
    ordered = sorted(draft.claims.items())
    for line, origins in ordered:
        copy = line.startswith(verbatim)
        for index in origins:
            by_value[index].append(line)
            if not copy:
                mapped[index] = True
    fates = []
    for index, state in enumerate(draft.states):
        fate = draft.fate(index, mapped[index])
        why = state.why
        if fate is Fate.KEPT and state.rule is None:
            draft.note("no-rule", Severity.INFO, "No rule takes the field; its values are kept verbatim.", index)
        lines = tuple(by_value[index])
        guessed = tuple(line for line in lines if line in draft.guessed) if draft.guessed else ()
        fates.append(ValueFate(fate, state.rule.label if state.rule else "", why, lines, guessed))
    return Mapped(
        key=draft.key,
        item=draft.item_iri,
        document=draft.document_iri,
        title=mask_addresses(
            collapse(title_among(draft.record.values))
        ),  # in lists no address is shown, whatever the setting
        claims=tuple(line for line, _ in ordered),
        fates=tuple(fates),
        findings=tuple(draft.findings),
    )
