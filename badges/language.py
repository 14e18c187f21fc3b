"""The languages that readers are spoken to in: texts from the catalogues in `locale/`, dates and numbers by locale.

The English texts stand where they are used, and are what the catalogues are keyed by (GNU gettext). A page is in the
language of `?lang=`, else in the one that the reader's browser prefers, else in English; nothing is remembered.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from importlib.resources import files
from io import BytesIO

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent
from babel.support import NullTranslations, Translations
from starlette.types import Scope

from badges.wanted import value

ENGLISH = "en"
CODES = (ENGLISH, "de")  # a catalogue in `locale/` for each but English
_LOCALES = {ENGLISH: "en_GB"}  # whose dates are read alike everywhere


class Language:
    """One language: its texts, and how it writes dates and numbers."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.locale = Locale.parse(_LOCALES.get(code, code))
        self.direction: str = self.locale.text_direction
        self.name = self.locale.languages.get(code, code)
        self.gettext, self.ngettext = (texts := _texts(code)).gettext, texts.ngettext
        self._percent = self.locale.percent_formats[None].pattern.replace("#,##0", "#,##0.#")

    def say(self, text: str, /, **values: object) -> str:
        """A text, with what `%(name)s` in it stands for; also for a text that came through a variable."""
        told = self.gettext(text)
        return told % values if values else told

    def count(self, one: str, many: str, n: int, /, **values: object) -> str:
        """The text for so many, in which `%(n)s` is their number."""
        return self.ngettext(one, many, n) % {"n": self.number(n), **values}

    @lru_cache(maxsize=10_000)  # noqa: B019 - languages are few, and last
    def number(self, number: float) -> str:
        """A number with the signs that group its digits and part off its fractions, of at most three digits."""
        return format_decimal(number, locale=self.locale)

    def percent(self, share: float) -> str:
        """A share of one as percent, with at most one digit after the point."""
        return format_percent(share, self._percent, locale=self.locale)

    def listed(self, names: Sequence[str]) -> str:
        """Names as a sentence lists them: "news, blogs and X"."""
        return format_list(names, locale=self.locale)

    def date(self, told: str) -> str:
        """A date as it is stored: "2026-03-01", "2026-03", "2026", or the beginning of a time stamp."""
        parts = told[:10].split("-")
        try:
            if len(parts) == 3:
                return format_date(date.fromisoformat(told[:10]), "long", locale=self.locale)
            if len(parts) == 2:
                return format_date(date(int(parts[0]), int(parts[1]), 1), "MMMM y", locale=self.locale)
        except ValueError:
            pass
        return told

    def instant(self, micros: int) -> str:
        """An instant to the minute, in UTC."""
        at = datetime.fromtimestamp(micros // 1_000_000, UTC)
        return f"{format_date(at, 'long', locale=self.locale)}, {at:%H:%M} UTC"


def chosen(scope: Scope) -> Language:
    """The language of a request."""
    asked = value(scope["query_string"], b"lang")
    if asked is not None and asked.decode("latin-1") in CODES:
        return LANGUAGES[asked.decode("latin-1")]
    told = next((text for name, text in scope["headers"] if name == b"accept-language"), b"")
    return LANGUAGES[_preferred(told[:200].decode("latin-1"))]


@lru_cache(maxsize=256)
def _preferred(accepted: str) -> str:
    """The language that suits best what a browser accepts (RFC 9110, 12.5.4): what weighs most, else comes first."""
    weighed = []
    for place, part in enumerate(accepted.split(",")):
        name, _, rest = part.strip().partition(";")
        quality = rest.strip().removeprefix("q=") if rest else "1"
        try:
            weight = float(quality)
        except ValueError:
            continue
        if 0 < weight <= 1:
            weighed.append((-weight, place, name.strip().lower().partition("-")[0]))
    return next((code for _, _, code in sorted(weighed) if code in CODES), ENGLISH)


def _texts(code: str) -> NullTranslations:
    """The catalogue of a language, read from the text that translators work on."""
    if code == ENGLISH:
        return NullTranslations()
    compiled = BytesIO()
    with (files("badges") / "locale" / f"{code}.po").open("rb") as text:
        write_mo(compiled, read_po(text, locale=code, abort_invalid=True))
    compiled.seek(0)
    return Translations(compiled)


LANGUAGES = {code: Language(code) for code in CODES}


def marked(text: str) -> str:
    """A text that stands as data and is said later, so that translators find it."""
    return text
