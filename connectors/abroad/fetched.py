"""What was answered, complete and within all limits."""

import re
from dataclasses import dataclass, field

from connectors.abroad.texts import Text, encoding_of, text_of
from connectors.abroad.visits import Hop
from connectors.http.exchange import Headers

KEPT = ("Content-Type", "ETag", "Last-Modified", "Date", "Expires", "Cache-Control", "Content-Language", "Link")
"""Headers that say something of a page; the others concern its reader."""

_TEXTS = re.compile(r"text/.*|application/(.*\+)?(xml|json)|application/(ecmascript|javascript|x-javascript)")
_MEDIA = re.compile(r"[a-z0-9!#$&^_.+-]{1,127}/[a-z0-9!#$&^_.+-]{1,127}")
_VALIDATOR = re.compile(r"[\x20-\x7e]{1,1000}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """One answer: 200 and the like, 304 where `etag` or `modified` were sent and still hold, and any 4xx that is no
    refusal and not to be tried again. `url` is the address that answered, `hops` those that redirected to it, in order.
    `media` is the type as told, in small letters; `encoding` how the body is to be read, empty where it is no text."""

    status: int
    url: str
    hops: tuple[Hop, ...]
    headers: Headers = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def not_modified(self) -> bool:
        """Whether what was read last time still holds."""
        return self.status == 304

    @property
    def gone(self) -> bool:
        """Whether there is nothing at the address."""
        return self.status in (404, 410)

    @property
    def media(self) -> str:
        told = self.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        return told if _MEDIA.fullmatch(told) else ""

    @property
    def etag(self) -> str:
        """To be sent along next time; empty where there is none that may be."""
        return self._validator("ETag")

    @property
    def modified(self) -> str:
        """Last-Modified as it was told, which is how it is sent back."""
        return self._validator("Last-Modified")

    @property
    def encoding(self) -> str:
        """By BOM, header, and the page itself, in this order."""
        if self.media and not _TEXTS.fullmatch(self.media):
            return ""
        return encoding_of(self.body, self.headers.get("Content-Type", ""))[0]

    def text(self) -> Text:
        """The body as text, whatever its type."""
        return text_of(self.body, self.headers.get("Content-Type", ""))

    def _validator(self, name: str) -> str:
        told = self.headers.get(name, "").strip()
        return told if _VALIDATOR.fullmatch(told) else ""
