"""A post as its author wrote it, and as the API of Mastodon tells it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from typing import Any, Literal, Optional

SHOWN = 30  # characters of an address that are seen; the rest is there for programs

Visibility = Literal["public", "unlisted", "private", "direct"]


@dataclass(frozen=True, slots=True)
class Author:
    """`host` is empty for an account of the instance itself. `discoverable` and `noindex` as the account has them."""

    name: str = "ada"
    host: str = ""
    followers: int = 12
    discoverable: bool | None = None
    noindex: bool | None = False
    bot: bool = False


@dataclass(frozen=True, slots=True)
class Post:
    """`card` is the address of the preview below it, `boosts` the post that it passes on, `reply` that it answers one.
    `url` False: another server that tells no address of it."""

    html: str = "<p>Nothing of note</p>"
    author: Author = field(default_factory=Author)
    at: datetime = datetime(2026, 9, 1, 8, tzinfo=UTC)
    visibility: Visibility = "public"
    card: str = ""
    edited_at: datetime | None = None
    boosts: Optional["Post"] = None
    reply: bool = False
    url: bool = True

    @property
    def in_timeline(self) -> bool:
        """Whether the public timeline has it."""
        return self.visibility == "public" and self.boosts is None and not self.reply


def linked(address: str, words: str = "New work:") -> str:
    """Words and a link, as Mastodon writes it: shortened for the eye."""
    scheme, _, rest = address.partition("://")
    seen, hidden = escape(rest[:SHOWN]), escape(rest[SHOWN:])
    shape = "ellipsis" if hidden else ""
    return (
        f'<p>{escape(words)} <a href="{escape(address)}" target="_blank" rel="nofollow noopener" translate="no">'
        f'<span class="invisible">{scheme}://</span><span class="{shape}">{seen}</span>'
        f'<span class="invisible">{hidden}</span></a></p>'
    )


def status(origin: str, number: int, post: Post) -> dict[str, Any]:
    """The entity `Status`; `origin` is the address of the instance."""
    home = f"https://{post.author.host}" if post.author.host else origin
    uri = f"{home}/users/{post.author.name}/statuses/{number}"
    address = f"{home}/@{post.author.name}/{number}" if post.url else None
    return {
        "id": str(number),
        "created_at": _time(post.at),
        "in_reply_to_id": "1" if post.reply else None,
        "in_reply_to_account_id": "1" if post.reply else None,
        "sensitive": False,
        "spoiler_text": "",
        "visibility": post.visibility,
        "language": "en",
        "uri": f"{uri}/activity" if post.boosts else uri,
        "url": f"{uri}/activity" if post.boosts else address,
        "replies_count": 0,
        "reblogs_count": 0,
        "favourites_count": 0,
        "quotes_count": 0,
        "edited_at": _time(post.edited_at) if post.edited_at else None,
        "content": post.html if post.boosts is None else post.boosts.html,
        "reblog": status(origin, number - 1, post.boosts) if post.boosts else None,
        "account": _account(home, post.author),
        "media_attachments": [],
        "mentions": [],
        "tags": [],
        "emojis": [],
        "tagged_collections": [],
        "quote": None,
        "quote_approval": {"automatic": [], "manual": [], "current_user": "denied"},
        "card": _card(post.card) if post.card else None,
        "poll": None,
    }


def _account(home: str, author: Author) -> dict[str, Any]:
    return {
        "id": "117000000000000001",
        "username": author.name,
        "acct": f"{author.name}@{author.host}" if author.host else author.name,
        "display_name": author.name.title(),
        "locked": False,
        "bot": author.bot,
        "discoverable": author.discoverable,
        "indexable": False,
        "group": False,
        "created_at": "2026-08-01T00:00:00.000Z",
        "note": "",
        "url": f"{home}/@{author.name}",
        "uri": f"{home}/users/{author.name}",
        "avatar": f"{home}/avatars/original/missing.png",
        "avatar_static": f"{home}/avatars/original/missing.png",
        "header": f"{home}/headers/original/missing.png",
        "header_static": f"{home}/headers/original/missing.png",
        "followers_count": author.followers,
        "following_count": 3,
        "statuses_count": 40,
        "last_status_at": "2026-09-01",
        "noindex": author.noindex,
        "emojis": [],
        "roles": [],
        "fields": [],
    }


def _card(address: str) -> dict[str, Any]:
    words = ("title", "description", "author_name", "author_url", "provider_name", "provider_url", "html", "embed_url")
    return {"url": address, **dict.fromkeys(words, ""), "type": "link", "width": 0, "height": 0, "image": None}


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
