"""The front-end build: pinned, without addresses, and exactly the icons that the templates name."""
import json
import re
from pathlib import Path

import web.build.__main__ as build
import web.look

ROOT = build.ROOT
LOOK = Path(web.look.__file__).parent


def test_lock_names_no_address():
    assert re.findall(r"https?://", (ROOT / "package-lock.json").read_text()) == []
    assert "omit-lockfile-registry-resolved=true" in (ROOT / ".npmrc").read_text()


def test_packages_are_pinned_exactly():
    wanted = json.loads((ROOT / "package.json").read_text())
    versions = [*wanted["dependencies"].values(), *wanted["devDependencies"].values()]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions)


def test_every_icon_named_by_a_template_is_in_the_list():
    listed = {name[7:] + "-filled" if name.startswith("filled/") else name for name in (LOOK / "icons/names.txt").read_text().split()}
    text = "\n".join(file.read_text() for file in [*(LOOK / "templates").rglob("*.html"), LOOK / "styleguide.py"])
    named = set(re.findall(r'icon\("([a-z0-9-]+)"', text)) | set(re.findall(r'(?:icon_name=|"icon": )"([a-z0-9-]+)"', text))
    for table in re.findall(r"set (?:icons|signs) = \{([^}]*)\}", text):
        named |= set(re.findall(r': "([a-z0-9-]+)"', table))
    assert named and named <= listed
    assert 70 <= len(listed) <= 130


def test_stamp_follows_the_inputs(tmp_path):
    for name in build.INPUTS:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    stamp = tmp_path / "stamp"
    assert not build.is_current(tmp_path, stamp)
    stamp.write_text(build.wanted_stamp(tmp_path))
    assert build.is_current(tmp_path, stamp)
    (tmp_path / build.INPUTS[0]).write_text("changed")
    assert not build.is_current(tmp_path, stamp)


def test_node_of_the_wheel_is_found_when_path_has_none(monkeypatch):
    monkeypatch.setenv("PATH", "")
    found = build.programs()
    assert found is None or (found[0].exists() and Path(found[1][-1]).exists())
