"""Finds links and their domains in folded texts, disguised ones too (example[.]com)."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple
from urllib.parse import unquote

import re2

from console.text.folding import fold

_LINK = re2.compile(
    r"(?i)(?P<scheme>h(?:tt|xx)ps?\s?:\s?//|www\.)?(?P<user>[^\s/@]{1,64}@)?"
    r"(?P<host>(?:[\pL\pN][\pL\pN_-]*(?:\.|\[\.\]|\(\.\)|\[dot\]))+\pL[\pL\pN-]+)"
    r"(?P<rest>[:/?#][^\s<>\"]*)?"
)
_TARGET = re.compile(r"https?://(?:[^\s/@]*@)?([^\W_][\w.-]*)")
_TRIGGER = re.compile(r"[^\W_]\.[^\W_]|\[\.|\(\.|\[dot")
_DOT = re.compile(r"\[\.\]|\(\.\)|\[dot\]")
# "word.word" without "http" or a path is a link only if it ends with one of these.
_ENDINGS = frozenset(
    [
        "pl",
        "com",
        "eu",
        "org",
        "net",
        "info",
        "biz",
        "io",
        "ly",
        "me",
        "top",
        "xyz",
        "site",
        "online",
        "shop",
        "club",
        "live",
        "store",
        "ru",
        "cn",
        "link",
        "click",
        "gg",
        "to",
        "co",
        "cc",
        "vip",
        "win",
        "bet",
        "casino",
        "loan",
        "loans",
        "icu",
        "cyou",
        "buzz",
        "pro",
        "app",
        "dev",
        "be",
        "tv",
        "uk",
        "de",
    ]
)
_NOT_IN_USER = re.compile(r"[\s/@]")
_LONGEST_USER = 2000
# RE2 gives the interpreter up at each match and takes it back at once, so that a decision in the same
# process hardly gets it: 2,000 links held one up for 60 ms.
LINKS_AT_MOST = 300
_LABELS, _LONGEST_LABEL = 10, 63  # of a domain: the last ones say whose it is


class Link(NamedTuple):
    domain: str
    start: int
    end: int


def links_in(plain: str) -> Iterator[Link]:
    if not _TRIGGER.search(plain):
        return
    for match in _LINK.finditer(plain):
        host = domain_of(match["host"])
        scheme = match["scheme"] or match["user"] and _has_long_user(plain, match.start())
        if match["user"] and not scheme:
            continue  # an e-mail address
        if scheme or match["rest"] or host.rpartition(".")[2] in _ENDINGS:
            yield Link(host, *match.span())
        # A redirect carries its target in its own address: l.facebook.com/l.php?u=https%3A…
        if "http" in (match["rest"] or ""):
            for target in _TARGET.findall(unquote(match["rest"])):
                yield Link(domain_of(target), *match.span())


def domains_of(plain: str, urls: Iterable[str]) -> list[str]:
    """The domains of a folded text's links, then those of further links, each once."""
    found = [link.domain for link in islice(links_in(plain), LINKS_AT_MOST)]
    for url in islice(urls, LINKS_AT_MOST):
        found += [link.domain for link in links_in(fold(str(url)[:2000]))]
    return list(dict.fromkeys(found))


def _has_long_user(plain: str, start: int) -> bool:
    """Whether what precedes is a scheme and the beginning of a user's name: https://aaa…@host."""
    slashes = plain.rfind("//", max(0, start - _LONGEST_USER), start)
    return slashes >= 0 and not _NOT_IN_USER.search(plain, slashes + 2, start)


def domain_of(host: str) -> str:
    """The domain in Unicode, without "www." and disguised dots; of a long one its last labels."""
    labels = _DOT.sub(".", host).removeprefix("www.").strip(".").split(".")[-_LABELS:]
    return ".".join(_in_unicode(label) if "xn--" in label else label for label in labels)


def _in_unicode(label: str) -> str:
    try:
        return label.encode("ascii").decode("idna") if len(label) <= _LONGEST_LABEL else label
    except UnicodeError:
        return label


def is_under(domain: str, domains: frozenset[str]) -> bool:
    """Whether the list has the domain, a parent domain of it, or its ending (".xyz")."""
    parts = domain.split(".")[-_LABELS:]
    whole = (".".join(parts[start:]) for start in range(len(parts)))
    return f".{parts[-1]}" in domains or any(name in domains for name in whole)
