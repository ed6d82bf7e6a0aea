"""Warming: the answers to the questions are there before anybody asks, within bounds."""

import threading
import time

from lod.questions.load import load_questions
from lod.web.questions import warming
from lod.web.questions.warming import WARMING, Warming

BROWSER = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Encoding": "gzip, deflate, br, zstd",
}


def test_the_first_client_gets_an_answer_that_is_kept_already(sample_client):
    app = sample_client.application
    assert app.extensions[WARMING].warm() == len(load_questions()) + 2
    location = sample_client.get("/questions/works-by-year").location
    response = sample_client.get(location, headers=BROWSER)
    assert (response.status_code, response.headers["Server-Timing"]) == (200, "kept;dur=0.0")


def test_no_question_is_asked_while_a_query_runs_and_none_after_the_end(sample_client, monkeypatch):
    monkeypatch.setattr(warming, "_BUSY_S", 0.01)
    service, asked = sample_client.application.extensions["lod"], []

    def answer(environ, start_response):
        asked.append(environ["PATH_INFO"])
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b""]

    one = Warming(answer, service)
    place = service.admission.enter(None)
    thread = threading.Thread(target=one.warm, daemon=True)
    thread.start()
    time.sleep(0.2)
    before = list(asked)
    place.leave()
    thread.join(20)
    assert before == []
    assert asked[:2] == ["/questions", "/model"]
    assert len(asked) == len(load_questions()) + 2
    one.stop()
    assert one.warm() == 0


def test_a_new_generation_is_warmed_once_after_a_while(sample_client, monkeypatch):
    app = sample_client.application
    asked = []
    one = Warming(app.wsgi_app, app.extensions["lod"], first_s=0.01)
    monkeypatch.setattr(one, "warm", lambda: asked.append(1))
    one.start()
    until = time.monotonic() + 20
    while not asked and time.monotonic() < until:
        time.sleep(0.02)
    time.sleep(0.2)
    one.stop()
    one._thread.join(10)
    assert asked == [1]
