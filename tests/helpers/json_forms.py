"""Forms of JSON documents, as small tables: what is required, what may be there, what each part is."""

from collections.abc import Callable
from typing import Any


def fits(value: Any, form: Any, place: str = "$") -> list[str]:
    """Return where a JSON value does not have a form.

    A form is a type, a function that accepts or not, a list of one form (an array of that), a tuple (one of several), or a dict: members by
    their names, "name?" for one that may be missing, "*" for all that are not named; without "*" nothing else may be there.
    """
    if isinstance(form, tuple):
        faults = [fits(value, one, place) for one in form]
        return [] if [] in faults else [f"{place}: none of {len(form)} forms: {value!r}"]
    if isinstance(form, dict):
        if not isinstance(value, dict):
            return [f"{place}: no object: {value!r}"]
        known = {name.rstrip("?"): (part, name.endswith("?")) for name, part in form.items() if name != "*"}
        faults = [f"{place}: no {name}" for name, (_, may_miss) in known.items() if name not in value and not may_miss]
        for name, part in value.items():
            expected = known[name][0] if name in known else form.get("*")
            faults += fits(part, expected, f"{place}.{name}") if expected is not None else [f"{place}: unknown {name}"]
        return faults
    if isinstance(form, list):
        if not isinstance(value, list):
            return [f"{place}: no array: {value!r}"]
        return [fault for number, part in enumerate(value) for fault in fits(part, form[0], f"{place}[{number}]")]
    if isinstance(form, type):
        is_it = isinstance(value, (int, float) if form is float else form) and (
            form is bool or not isinstance(value, bool)
        )
    else:
        assert isinstance(form, Callable)
        is_it = bool(form(value))
    return [] if is_it else [f"{place}: {value!r}"]
