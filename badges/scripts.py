"""The scripts for other sites, each under an address of its own, and the two pages that tell how to use them.

`assets/embed.js` is the newest. A version that a site has pinned must stay what it was for ever, so before the script
changes it is copied to `assets/embed-X.Y.Z.js`, by the number that stands in it, and gets a new number.
"""

import base64
import gzip
import hashlib
import re
from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from urllib.parse import quote

from pydantic_core import to_json
from starlette.requests import Request
from starlette.routing import Route

from badges.answers import FOR_EVER, MINUTES, Answer, Answers
from badges.draw import STYLES, parts
from badges.embed import BY_PACKING, PACKED, takes_gzip
from badges.language import LANGUAGES, Language, chosen, marked
from badges.legend import INVENTED, legend_style
from badges.paper import Paper
from config.themes import Theme

ASSETS = files("badges") / "assets"
NEWEST = "embed.js"
BOOKMARKLET = "bookmarklet.js"
BOOKMARK = "bookmark.js"

TEXTS = {  # what the bookmarklet says; the script has no words of its own
    "name": marked("Attention to this page"),
    "close": marked("Close"),
    "looking": marked("Looking it up"),
    "unknown": marked("Nothing is known here about this page."),
    "unreachable": marked("This page does not let the badge in, or the server cannot be reached."),
    "open": marked("Look it up on a page of its own"),
}
BLOCKED = marked("This page lets no script in, and the browser let no window open. Look it up here:")

_VERSION = re.compile(r'^ *const VERSION = "(\d+\.\d+\.\d+)";$', re.MULTILINE)
_EARLIER = re.compile(r"embed-(\d+\.\d+\.\d+)\.js")
_SAFE = "()!*'~-._;/?:@=+$,"  # what may stand in a `javascript:` address as it is


class Scripts:
    """The scripts and their pages."""

    def __init__(self, answers: Answers, paper: Paper, theme: Theme) -> None:
        self._answers, self._paper, self._theme = answers, paper, theme
        newest = read(NEWEST)
        self._version, self._integrity = version(newest), integrity(newest)
        self._scripts = {
            "/embed.js": self._both(newest, MINUTES),
            **{f"/embed/{number}.js": self._both(text, FOR_EVER) for number, text in released(ASSETS).items()},
        }
        self._bookmarklets = {code: self._both(self._panel(of), MINUTES) for code, of in LANGUAGES.items()}
        self.routes = (
            *(Route(path, self.script, name="script") for path in self._scripts),
            Route("/embed/bookmarklet.js", self.bookmarklet, name="bookmarklet_script"),
            Route("/embed", self.embed_page, name="embed_page"),
            Route("/bookmarklet", self.bookmarklet_page, name="bookmarklet_page"),
        )

    async def script(self, request: Request) -> Answer:
        """The script that turns elements of a page into badges."""
        return self._scripts[request.scope["path"]][takes_gzip(request)]

    async def bookmarklet(self, request: Request) -> Answer:
        """The same script, and the panel that it fills on any page, in the language of `?lang=`."""
        code = request.query_params.get("lang", "")
        return self._bookmarklets.get(code, self._bookmarklets["en"])[takes_gzip(request)]

    async def embed_page(self, request: Request) -> Answer:
        """Show badges on your site."""
        language, theme = chosen(request.scope), self._theme
        examples = {each: parts(57, INVENTED, style=each, theme=theme, language=language)[0] for each in STYLES}
        return self._paper.page(
            language,
            "embed.html",
            pictures=(legend_style(theme),),
            style=legend_style(theme),
            examples=examples,
            version=self._version,
            integrity=self._integrity,
        )

    async def bookmarklet_page(self, request: Request) -> Answer:
        """The bookmarklet, and how to use it."""
        language = chosen(request.scope)
        return self._paper.page(language, "bookmarklet.html", bookmark=self._bookmark(language))

    def _bookmark(self, language: Language) -> str:
        told = {"server": self._paper.address, "lang": language.code, "blocked": language.say(BLOCKED)}
        code = " ".join(line.strip() for line in read(BOOKMARK).decode().splitlines() if not line.startswith("//"))
        return "javascript:" + quote(code.replace("TOLD", to_json(told).decode()).strip(), safe=_SAFE)

    def _panel(self, language: Language) -> bytes:
        told = {name: language.say(text) for name, text in TEXTS.items()}
        told |= {"lang": language.code, "dir": language.direction}
        return read(NEWEST) + b"\n" + read(BOOKMARKLET).replace(b"TOLD", to_json(told))

    def _both(self, text: bytes, cache: bytes) -> Mapping[bool, Answer]:
        """A script as it is, and packed."""
        packed = gzip.compress(text, mtime=0)
        return {
            False: self._answers.make("js", text, cache=cache, more=(BY_PACKING,)),
            True: self._answers.make("js", packed, cache=cache, more=(BY_PACKING, PACKED)),
        }


def read(name: str) -> bytes:
    """A script of ours."""
    return (ASSETS / name).read_bytes()


def version(script: bytes) -> str:
    """The number that stands in a script. Raises `ValueError` where there is none."""
    found = _VERSION.search(script.decode())
    if found is None:
        raise ValueError("the script tells no version")
    return found[1]


def integrity(script: bytes) -> str:
    """What a site writes beside the address, so that its readers' browsers run this script and no other (SRI, 3.1)."""
    return "sha384-" + base64.b64encode(hashlib.sha384(script).digest()).decode()


def released(folder: Traversable) -> dict[str, bytes]:
    """Every version that can be asked for, by its number, the newest too."""
    newest = (folder / NEWEST).read_bytes()
    earlier = {found[1]: each.read_bytes() for each in folder.iterdir() if (found := _EARLIER.fullmatch(each.name))}
    return {**earlier, version(newest): newest}
