"""A page that says what is not so is found: by its command, its answer, or its file without a name."""

from pathlib import Path

import pytest

from palier.testing.pages import Block, Reader, blocks_of

PAGE = """\
# A page

## First

```sh
mkdir shop
cd shop
export SIGN="open all day"
```

```python
# hours.py
print("open")
```

## Second

```sh
python hours.py
echo "$SIGN"
```

```text
open
open   all day
```
"""


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    return Reader(tmp_path)


def block(language: str, text: str) -> Block:
    return Block("page.md", 1, language, text, "")


def test_where_one_stands_and_what_is_exported_stays_so(reader: Reader, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(PAGE, "utf-8")
    blocks = list(blocks_of(page))

    for each in blocks:
        reader.does(each)

    assert [(each.line, each.under) for each in blocks] == [
        (5, "First"),
        (11, "First"),
        (18, "Second"),
        (23, "Second"),
    ]
    assert reader.place == tmp_path / "shop"


@pytest.mark.parametrize(
    ("language", "text", "why"),
    [
        ("sh", "palier no-such-command\n", "No such command"),
        ("sh", "false\necho later\n", "false"),
        ("text", "closed\n", "open"),
        ("python", "print('no name')\n", "begins with its file's name"),
    ],
)
def test_what_is_not_so_stops_the_reader(
    reader: Reader, language: str, text: str, why: str
) -> None:
    reader.types("echo open")

    with pytest.raises(AssertionError, match=why):
        reader.does(block(language, text))


def test_what_can_not_be_so_here_is_put_as_it_is_here(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```sh\ncd /srv/palier\n```\n", "utf-8")

    (found,) = blocks_of(page, {"/srv": "/here"})

    assert found.text == "cd /here/palier\n"
