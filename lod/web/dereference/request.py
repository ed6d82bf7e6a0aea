"""What a request for a document asks for: name of the thing, format and profile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import request

from lod.web.citing.references import STYLES, UnknownStyleError, locale_named, style_named
from lod.web.citing.writers import Wording
from lod.web.http.addresses import requested_path
from lod.web.http.formats import HTML, JSON_LD_FORMS, REFERENCE, Format
from lod.web.http.negotiate import parameters_of, read_accept, requested_format
from lod.web.profiles.offers import Profile
from lod.web.view import PublishedView


def requested_name(view: PublishedView, place: str) -> str:
    """Return what follows "id/", "data/" … in the address, with its escapes."""
    # By segments: the client may have escaped what is before it.
    before = view.addresses.path(view.start + place).count("/")
    return "/".join(requested_path(request.environ).split("/")[before:])


def chosen_profile(view: PublishedView) -> Profile | None:
    """Return the profile that the request asks for; None where its query names one that is not offered."""
    named, header = request.args.get("_profile"), request.environ.get("HTTP_ACCEPT_PROFILE")
    profiles = view.service.profiles
    return profiles.chosen(named, header) if named or header else profiles.full


def chosen_form(view: PublishedView, offers: Sequence[Format]) -> tuple[Profile, Format] | None:
    """Return the profile and the format that the request asks for; None where they are not offered.

    A profile that the header asks for gives way to the full one where no format that the client accepts has it.
    """
    full = view.service.profiles.full
    profiles = [chosen_profile(view), *([] if request.args.get("_profile") else [full])]
    forms = ((profile, chosen_format(offers, profile)) for profile in profiles if profile)
    return next(((profile, format_) for profile, format_ in forms if format_), None)


def chosen_format(offers: Sequence[Format], profile: Profile) -> Format | None:
    """Return the format that the request asks for, by ?format= or the Accept header; None where it is not offered."""
    offered = tuple(offer for offer in offers if offer in profile.formats) + JSON_LD_FORMS
    format_ = requested_format(offered)
    if format_ is not REFERENCE or "format" in request.args:
        return format_
    try:
        chosen_wording(REFERENCE)
    except UnknownStyleError:
        # A style that is not on offer is a range that matches nothing: the client may accept something else.
        return requested_format(tuple(offer for offer in offered if offer is not REFERENCE))
    return format_


def chosen_wording(format_: Format) -> Wording:
    """Return how references are to be worded: by ?style= and ?locale=, for text/x-bibliography also by its parameters in Accept.

    A format without references has one wording, whatever is asked for.

    Raises:
        UnknownStyleError: the style or the locale is not on offer.
    """
    if format_ not in (REFERENCE, HTML):
        return Wording()
    accepted: Mapping[str, str] = {}
    if format_ is REFERENCE:
        accepted = parameters_of(read_accept(request.headers.get("Accept")), REFERENCE)
    style, locale = (request.args.get(name) or accepted.get(name) for name in ("style", "locale"))
    return Wording(style_named(style) if style else STYLES[0], locale_named(locale) if locale else "")
