"""Pages made of templates, in the language of their reader, with the policy that lets nothing from elsewhere in."""

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from badges.answers import ASK_AGAIN, FOR_EVER, Answer, Answers, Header, Kind
from badges.language import LANGUAGES, Language, marked

ASSETS: dict[str, Kind] = {"ringmark.css": "css", "icon.svg": "svg", "console.css": "css", "htmx.js": "js"}

ABOUT = (  # paths of pages about this site, and what they are called
    ("/legend", marked("What the badges show")),
    ("/rules", marked("How points are counted")),
    ("/embed", marked("Show badges on your site")),
    ("/bookmarklet", marked("Bookmarklet")),
    ("/accessibility", marked("Accessibility")),
)

_STYLE = re.compile("<style>(.*?)</style>", re.DOTALL)
_BY_LANGUAGE: Header = (b"vary", b"accept-language")


class Paper:
    """What every page is written on. `name` is that of the institution, `address` where readers reach this
    installation, without a slash at its end, `contact` where they may write to; `inside` is
    the path below which members see what is theirs alone, empty for what everybody sees."""

    def __init__(self, answers: Answers, *, name: str, address: str, contact: str = "", inside: str = "") -> None:
        self._answers = answers
        self.name, self.address, self.site, self.contact = name, address + inside, address, contact
        site = urlsplit(address).path  # no page knows by which host it was reached
        self.prefix = site + inside
        self.assets = dict(_asset(answers, name, kind) for name, kind in ASSETS.items())
        self.paths = dict(zip(ASSETS, self.assets, strict=True))
        told = {
            "institution": name,
            "address": self.address,
            "site": site,
            "prefix": self.prefix,
            "inside": inside,
            "assets": self.paths,
            "about": ABOUT,
        }
        told |= {"contact": contact, "contact_link": f"mailto:{contact}" if "@" in contact else contact}
        self._templates = {code: templates(language, told) for code, language in LANGUAGES.items()}
        self._missing = {language: self.page(language, "missing.html", status=404) for language in LANGUAGES.values()}

    def page(
        self,
        language: Language,
        template: str,
        *,
        status: int = 200,
        cache: bytes = ASK_AGAIN,
        pictures: Sequence[str] = (),
        headers: tuple[Header, ...] = (),
        **told: Any,
    ) -> Answer:
        """A page; the styles that `pictures` of ours bring are let through, and no others."""
        text = self._templates[language.code].get_template(template).render(told)
        policy = (
            f"default-src 'none'; style-src 'self'{hashes(pictures)}; img-src 'self'; "
            "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
        return self._answers.make(
            "page", text.encode(), status=status, cache=cache, policy=policy.encode(), more=(_BY_LANGUAGE, *headers)
        )

    def missing(self, language: Language) -> Answer:
        """There is nothing here: the same for what is hidden, unknown and malformed."""
        return self._missing[language]


def templates(language: Language, told: Mapping[str, object]) -> Environment:
    """The templates in a language; what is `told` stands in all of them. Only those of plain text escape nothing."""
    found = Environment(
        loader=PackageLoader("badges"),
        autoescape=select_autoescape(("html",), default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    found.policies["ext.i18n.trimmed"] = True
    found.install_gettext_callables(language.gettext, language.ngettext, newstyle=True)  # type: ignore[attr-defined]
    found.filters.update(number=language.number, percent=language.percent, date=language.date, instant=language.instant)
    found.globals.update(told, language=language, languages=tuple(LANGUAGES.values()))
    return found


def _asset(answers: Answers, name: str, kind: Kind) -> tuple[str, Answer]:
    """The path of a file of ours, with its content's hash in it, and its answer."""
    content = (files("badges") / "assets" / name).read_bytes()
    stem, _, ending = name.partition(".")
    digest = hashlib.sha256(content).hexdigest()[:12]
    return f"/assets/{stem}.{digest}.{ending}", answers.make(kind, content, cache=FOR_EVER)


def hashes(pictures: Sequence[str]) -> str:
    """Lets the pictures' own styles through the policy of their page, and no other (CSP 3, 2.3.1)."""
    digests = (hashlib.sha256(each.encode()).digest() for picture in pictures for each in _STYLE.findall(picture))
    return "".join(f" 'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
