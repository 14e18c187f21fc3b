"""Writing XML as text: quick enough to serve a hundred thousand outputs, and nothing more."""

import re
from functools import cache
from xml.sax.saxutils import escape, quoteattr

ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 cannot hold, not even as a reference."""

SPECIAL = re.compile("[\x00-\x1f\ud800-\udfff\ufffe\uffff&<>\"']")
"""What needs care at all; most text has none of it, and one look is cheaper than six replacements."""


def tag(name: str, /, *inner: str, **attributes: object) -> str:
    """An `api:` element around inner XML. In names of attributes `_` stands for `-`; those with None are left out."""
    told = "".join([_attribute(key, value) for key, value in attributes.items() if value is not None])
    content = "".join(inner)
    return f"<api:{name}{told}>{content}</api:{name}>" if content else f"<api:{name}{told}/>"


def text(name: str, value: object, /, **attributes: object) -> str:
    """An `api:` element that holds text; booleans as XML Schema writes them."""
    plain = _plain(value)
    return tag(name, escape(clean(plain)) if SPECIAL.search(plain) else plain, **attributes)


def clean(value: str) -> str:
    """A text without what XML cannot hold."""
    return ILLEGAL.sub("", value)


def _attribute(key: str, value: object) -> str:
    plain = _plain(value)
    return f" {_hyphened(key)}={quoteattr(clean(plain))}" if SPECIAL.search(plain) else f' {_hyphened(key)}="{plain}"'


def _plain(value: object) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


@cache
def _hyphened(key: str) -> str:
    return key.replace("_", "-")
