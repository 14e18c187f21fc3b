"""docs/files.md says what is read."""

import io
import re
from pathlib import Path

from connectors.attention import Mention
from connectors.files.table import TABLES
from connectors.mentions import read_mentions

PAGE = Path(__file__).parents[1] / "docs" / "files.md"


def test_the_page_of_the_folder_names_every_file_and_column() -> None:
    page = PAGE.read_text()
    rows = dict(re.findall(r"^\| `(\w+\.csv)` \| [^|]+ \| ([^|]+) \|$", page, re.M))

    told = {file: columns.replace("*", "").strip().split(", ") for file, columns in rows.items()}

    assert told == {table.file: [*table.keys, *table.columns] for table in TABLES}


def test_the_mentions_on_that_page_can_be_read() -> None:
    page = PAGE.read_text()
    (lines,) = re.findall(r"^```json\n(.*?)^```$", page, re.M | re.S)

    told = list(read_mentions(io.BytesIO(lines.encode()), "files.md"))

    assert [type(each) for each in told] == [Mention] * 3
