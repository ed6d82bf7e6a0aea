"""What a request for a document asks for: name of the thing, format and profile."""

from __future__ import annotations

from collections.abc import Sequence

from flask import request

from lod.web.http.addresses import requested_path
from lod.web.http.formats import JSON_LD_FORMS, Format
from lod.web.http.negotiate import requested_format
from lod.web.profiles.offers import Profile
from lod.web.view import PublishedView


def requested_name(view: PublishedView, place: str) -> str:
    """Return what follows "id/", "data/" … in the address, with its escapes."""
    # By segments: the client may have escaped what stands before it.
    before = view.addresses.path(view.start + place).count("/")
    return "/".join(requested_path(request.environ).split("/")[before:])


def chosen_profile(view: PublishedView) -> Profile | None:
    """Return the profile that the request asks for; None where its query names one that is not offered."""
    named, header = request.args.get("_profile"), request.environ.get("HTTP_ACCEPT_PROFILE")
    profiles = view.service.profiles
    return profiles.chosen(named, header) if named or header else profiles.full


def chosen_format(offers: Sequence[Format], profile: Profile) -> Format | None:
    """Return the format that the request asks for, by ?format= or the Accept header; None where it is not offered."""
    return requested_format(tuple(offer for offer in offers if offer in profile.formats) + JSON_LD_FORMS)
