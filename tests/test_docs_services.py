"""Each service line of ours stands in every list that has to name it, and is held to the contract."""

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
CONTRACTS = {each["id"]: each for each in PROJECT["tool"]["importlinter"]["contracts"]}
OURS = sorted(path.parent.name for path in ROOT.glob("plugins/*/pyproject.toml"))


@pytest.mark.parametrize("name", OURS)
def test_a_service_line_is_named_wherever_it_has_to_be(name: str) -> None:
    distribution, package = f"palier-{name.replace('_', '-')}", f"palier_{name}"

    assert distribution in PROJECT["dependency-groups"]["members"]
    assert distribution in PROJECT["tool"]["uv"]["sources"]
    assert package in PROJECT["tool"]["importlinter"]["root_packages"]
    assert package in CONTRACTS["rooms"]["containers"]
    assert package in CONTRACTS["plugins"]["source_modules"]
    own = ROOT / "plugins" / name / "tests" / f"test_{name}_contract.py"
    assert f'test_contract = contract("{name}")' in own.read_text("utf-8")
    assert f"(plugins/{name}/README.md)" in (ROOT / "README.md").read_text("utf-8")
