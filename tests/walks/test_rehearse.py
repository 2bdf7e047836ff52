"""`mingbiao rehearse`: both tenders over HTTP with real processes, verified from what it exported."""
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from cli.rehearse.proving import entries, everything, tags
from cli.rehearse.reading import Page, called

ROOT = Path(__file__).parents[2]
FORM = """<form method="post" action="/desk/projects/abc/publish"><input type="hidden" name="_csrf_token" value="t">
<select name="kind"><option value="a">One</option><option value="b" selected>Two</option></select>
<select name="verdict"><option value="">?</option><option value="pass">yes</option></select><select name="verdict"><option value="">?</option><option value="pass">yes</option></select>
<textarea name="text">old</textarea><input type="checkbox" name="yes" value="on"><input name="off" disabled value="x"></form>"""


def test_a_form_is_read_as_a_browser_reads_it() -> None:
    form = Page("/", 200, FORM).form("trading.notices.publish")
    assert form is not None
    assert form.filled({"verdict": ["pass", ""]}) == [("_csrf_token", "t"), ("kind", "b"), ("verdict", "pass"), ("verdict", ""), ("text", "old")]
    assert form.fields["kind"].labelled("One") == "a"
    assert Page("/", 200, FORM).form("trading.notices.clarify") is None


@pytest.mark.parametrize("typed", [{"kind": "c"}, {"absent": "x"}, {"off": "y"}])
def test_nobody_sends_what_the_page_does_not_offer(typed: dict[str, object]) -> None:
    form = Page("/", 200, FORM).form("trading.notices.publish")
    assert form is not None
    with pytest.raises(LookupError):
        form.filled(typed)


def test_calls_are_found_under_their_address() -> None:
    link = "/call/" + "ab" * 16
    assert list(called(f'<li><span>text<a href="{link}">..</a></span><span>站内 x@experts.example</span></li><li><a href="/desk">..</a><span>短信 138</span></li>')) == [("x@experts.example", link)]


@pytest.mark.slow
def test_both_tenders_run_over_http_and_verify_from_files_alone(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MINGBIAO_")}
    done = subprocess.run([sys.executable, "-m", "cli.main", "rehearse", "--home", str(tmp_path / "home")], cwd=ROOT, env=environment,
                          capture_output=True, text=True, timeout=540, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    folder = tmp_path / "home" / "export"
    counted = tags(folder)
    wanted = {"trading.bids.submit": 4, "trading.bids.replace": 2, "trading.bids.withdraw": 0, "trading.bids.note_refused": 0, "experts.mark_unreachable": 1,
              "evaluation.dossier.publish": 2, "trading.awards.sign_contract": 4, "trading.opening.draw_coefficient": 1, "evaluation.seal": 2}
    assert {tag: counted[tag] for tag in wanted} == wanted
    assert "8 accepted, 1 declined, 1 not reached" in done.stdout and "✗" not in done.stdout
    assert all(check.good for check in everything(folder)) and len(list(folder.glob("*.zip"))) == 2
    spoil(next(folder.glob("C*.zip")), "result.json")
    assert not all(check.good for check in everything(folder))
    assert all(entry["on"] for entry in entries(folder))


def spoil(archive: Path, name: str) -> None:
    """The same archive with another winner's amount."""
    with zipfile.ZipFile(archive) as zipped:
        files = {info.filename: zipped.read(info) for info in zipped.infolist()}
    result = json.loads(files[name])
    result["awards"][0]["amount"] += 1
    files[name] = json.dumps(result, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    with zipfile.ZipFile(archive, "w") as zipped:
        for one, data in files.items():
            zipped.writestr(one, data)
