"""A query worker's process."""

from tests.helpers.web_site import PublishedHere


def test_a_file_in_the_working_folder_takes_the_place_of_no_module(
    tmp_path, monkeypatch, make_app, web_settings, generation
):
    (tmp_path / "pathlib.py").write_text("raise SystemExit('not the module')\n")
    monkeypatch.chdir(tmp_path)
    client = make_app(web_settings, PublishedHere(generation)).test_client()
    response = client.get("/repo/sparql?query=ASK%20%7B%7D", headers={"Accept": "application/sparql-results+json"})
    assert (response.status_code, response.json["boolean"]) == (200, True)
