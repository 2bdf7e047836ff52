import ast
import sys
from pathlib import Path

import pytest

import law

HOME = Path(law.__file__).parent
FORBIDDEN = {"random", "secrets", "time", "socket", "os", "subprocess", "urllib", "http"}


@pytest.mark.parametrize("file", sorted(HOME.glob("*.py")), ids=lambda f: f.name)
def test_law_imports_itself_and_the_standard_library(file):
    tree = ast.parse(file.read_text(encoding="utf-8"))
    imported = {a.name.split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    imported |= {n.module.split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module}
    assert imported <= ({"law"} | set(sys.stdlib_module_names)) - FORBIDDEN
    assert not any(isinstance(n, ast.Constant) and isinstance(n.value, float) for n in ast.walk(tree))
    assert "datetime.now" not in file.read_text(encoding="utf-8") and "date.today" not in file.read_text(encoding="utf-8")
