"""Imports go one way (docs/architecture.md); the contracts stand in pyproject.toml."""

import subprocess
import sys
import tomllib
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent.parent


def test_imports_go_one_way():
    program = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([program, "--no-cache"], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_page_shows_the_layers_of_the_contract():
    contracts = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["name"] == "Rooms go one way")
    page = (CHECKOUT / "docs" / "architecture.md").read_text()
    assert page.split("```\n")[1].splitlines() == layers


def test_a_room_that_looks_up_is_found(tmp_path):
    """The contract can fail: the same layers with an import against them are refused."""
    for name, text in (("upper", ""), ("lower", "import upper\n")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(text)
    contract = '[tool.importlinter]\nroot_packages = ["upper", "lower"]\n'
    contract += '[[tool.importlinter.contracts]]\nname = "One way"\ntype = "layers"\nlayers = ["upper", "lower"]\n'
    (tmp_path / "pyproject.toml").write_text(contract)
    program = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run(
        [program, "--no-cache"], cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stdout
    assert "lower is not allowed to import upper" in done.stdout
