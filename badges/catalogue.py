"""The texts that translators work on: `make texts` reads them from code and templates into `locale/`.

`ringmark.pot` is the English catalogue; each `CODE.po` is one translation, and keeps what is translated already.
"""

from importlib.resources import as_file, files
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from badges.language import CODES, ENGLISH

METHODS = [("badges/templates/**", "jinja2"), ("badges/**.py", "python"), ("scoring/words.py", "python")]
OPTIONS = {"badges/templates/**": {"silent": "false", "trimmed": "true", "extensions": "jinja2.ext.i18n"}}
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "say": None,  # as methods of a language
    "count": (1, 2),
    "marked": None,  # texts that stand as data, said later
}
HEAD = "# The texts of Ringmark. Licence: Apache-2.0, as the rest.\n"


def english(root: Path) -> Catalog:
    """Every text of the sources below `root`, in the order of the files."""
    found = Catalog(project="Ringmark", charset="utf-8", header_comment=HEAD.strip())
    for package in ("badges", "scoring"):
        methods = [
            (pattern.removeprefix(f"{package}/"), how) for pattern, how in METHODS if pattern.startswith(package)
        ]
        options = {pattern.removeprefix(f"{package}/"): told for pattern, told in OPTIONS.items()}
        for file, _, text, _, context in extract_from_dir(root / package, methods, options, KEYWORDS):
            found.add(text, None, [(f"{package}/{file}", None)], context=context)  # type: ignore[list-item]
    return found


def written(catalog: Catalog) -> str:
    """A catalogue as the text of its file, without the dates that would make each one different."""
    out = BytesIO()
    write_po(out, catalog, width=110, omit_header=True, sort_output=True, ignore_obsolete=True)
    kind = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
    if catalog.locale is not None:
        kind += f'"Language: {catalog.locale}\\n"\n"Plural-Forms: {catalog.plural_forms}\\n"\n'
    return f"{HEAD}{kind}\n{out.getvalue().decode()}"


def translation(code: str, template: Catalog) -> Catalog:
    """One translation, with the texts of the template; what is new in it is empty, nothing is guessed."""
    with (files("badges") / "locale" / f"{code}.po").open("rb") as text:
        found = read_po(text, locale=code)
    found.update(template, no_fuzzy_matching=True)
    return found


def main() -> None:
    with as_file(files("badges")) as badges:
        template = english(badges.parent)
        (badges / "locale" / "ringmark.pot").write_text(written(template), encoding="utf-8")
        for code in CODES:
            if code != ENGLISH:
                told = written(translation(code, template))
                (badges / "locale" / f"{code}.po").write_text(told, encoding="utf-8")


if __name__ == "__main__":
    main()
