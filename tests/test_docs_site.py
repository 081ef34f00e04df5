"""`make docs`: the site is made without a warning, and says all that a plugin may use."""

import subprocess
import sys
from pathlib import Path

import pytest
from sphinx.util.inventory import InventoryFile

from palier import api, testing

ROOT = Path(__file__).parent.parent
FROM_SQLALCHEMY = {"ColumnElement", "Mapped", "and_", "func", "or_", "select", "validates"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as `make docs` makes it, in a folder of its own."""
    made = tmp_path_factory.mktemp("site")
    options = ("-W", "--keep-going", "-q", "-d", str(made / "doctrees"))
    command = [sys.executable, "-m", "sphinx", *options, str(ROOT / "docs"), str(made / "pages")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return made / "pages"


def test_each_page_is_reached_from_the_first(site: Path) -> None:
    sources = {each.relative_to(ROOT / "docs") for each in (ROOT / "docs").rglob("*.md")}

    menu = (site / "index.html").read_text("utf-8")

    missing = {each for each in sources if f'href="{each.with_suffix(".html")}"' not in menu}
    assert missing == {Path("index.md")}


def test_the_reference_has_each_name_that_a_plugin_may_use(site: Path) -> None:
    inventory = InventoryFile.loads((site / "objects.inv").read_bytes(), uri="")
    known = {name for names in inventory.data.values() for name in names}

    promised = {f"palier.api.{each}" for each in set(api.__all__) - FROM_SQLALCHEMY}
    promised |= {f"palier.testing.{each}" for each in testing.__all__}

    assert promised - known == set()
