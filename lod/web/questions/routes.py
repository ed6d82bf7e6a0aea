"""/questions: a form for each question; /questions/NAME fills one and redirects to its query at the endpoint."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, Response, request

from lod.questions.load import Question, by_group, load_questions
from lod.web.http.error_responses import error_response
from lod.web.http.responses import redirect_to
from lod.web.languages.catalogues import Said
from lod.web.languages.templates import render_page
from lod.web.pages.question_words import words
from lod.web.questions.values import Choice, Meant, meant, offered
from lod.web.view import PublishedView, live_view

blueprint = Blueprint("questions", __name__)

QUESTIONS = "questions"


@blueprint.get("/questions", strict_slashes=False)
def every() -> Response:
    """List the questions by who asks, each with its form."""
    view = live_view()
    return Response(
        render_page("questions.html", groups=by_group(), offers=offered(view), **words()), mimetype="text/html"
    )


@blueprint.get("/questions/<name>")
def one(name: str) -> Response:
    """Redirect to the query of a question with its blanks filled; where a text may mean several things, ask which."""
    view = live_view()
    question = next((question for question in load_questions() if question.name == name), None)
    if question is None:
        there = view.addresses.path(QUESTIONS)
        return error_response(
            404, Said("There is no question %(name)s. All of them are at %(address)s", name=name[:60], address=there)
        )
    offers = offered(view)
    typed = {blank.name: request.args.get(blank.name, "") for blank in question.blanks}
    found = {blank.name: meant(view, blank, typed[blank.name], offers.get(blank.name, [])) for blank in question.blanks}
    filled = {name: answer.choice for name, answer in found.items() if answer.choice}
    if len(filled) == len(found):
        return _to_query(view, _query(question, filled))
    if not any(typed.values()) and question.left_open:
        return _to_query(view, question.left_open)
    return _ask_which(question, typed, found, filled, offers)


def _query(question: Question, filled: dict[str, Choice]) -> str:
    values = {name: choice.value for name, choice in filled.items()}
    return question.filled(values, {name: f"“{choice.label}”" for name, choice in filled.items()})


def _to_query(view: PublishedView, query: str) -> Response:
    return redirect_to(f"{view.addresses.path('sparql')}?{urlencode({'query': query})}", 303)


def _ask_which(
    question: Question,
    typed: dict[str, str],
    found: dict[str, Meant],
    filled: dict[str, Choice],
    offers: dict[str, list[Choice]],
) -> Response:
    """Return the page of one question, with what its blanks may mean."""
    unclear = [
        (blank, typed[blank.name], found[blank.name].choices) for blank in question.blanks if blank.name not in filled
    ]
    sent = {name: choice.sent for name, choice in filled.items()}
    page = render_page(
        "question.html",
        **words(),
        question=question,
        typed={**typed, **sent},
        unclear=[
            (blank, text, [(choice, urlencode({**sent, blank.name: choice.sent})) for choice in choices])
            for blank, text, choices in unclear
        ],
        offers=offers,
    )
    return Response(page, mimetype="text/html")
