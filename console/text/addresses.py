"""What a pasted Facebook address names. Nothing is ever fetched to find out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote

FACEBOOK = "facebook"
GROUP, PROFILE, EVENT, HASHTAG, SHARE = "group", "profile", "event", "hashtag", "share"
POST, PHOTO, VIDEO, REEL, COMMENT = "post", "photo", "video", "reel", "comment"


@dataclass(frozen=True)
class Address:
    """Of Facebook, if it has a platform; understood, if it has a kind."""

    platform: str | None = None
    kind: str | None = None
    group: str | None = None  # its number, or the slug in small letters
    post: str | None = None  # also a photo's, a video's or a reel's
    comment: str | None = None  # or the reply's, which is a comment, too
    canonical: str | None = None
    opaque: bool = False  # only opening it would show what it leads to

    @property
    def key(self) -> str:
        """What tells it from every other post and comment; "" if it names none."""
        return self.comment or self.post or ""


# Letters are ASCII's: re.IGNORECASE alone would take the sign of Kelvin for a k.
FLAGS = re.IGNORECASE | re.ASCII
HOST = re.compile(
    r"(?:(?:www|m|web|mbasic|touch|mobile|business|lm?|[a-z]{2}-[a-z]{2})\.)?"
    r"(?:(?:facebook|fb)\.com|(?P<short>fb\.watch|fb\.me))\.?(?::(?:80|443))?",
    FLAGS,
)
SHAPE = re.compile(r"(?:(?:https?:)?//)?([^/?#]*)([^?#]*)(?:\?([^#]*))?", FLAGS)
# What stands around a pasted link, and what no link contains.
AROUND = "<>()[]{}\"'`„“”‚‘’«»,.;:!?*…\u200b\u200e\u200f\u2060\ufeff"
MOST = 20_000  # characters of a paste that are looked at
FORBIDDEN = re.compile(r"[\\\x00-\x20\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")

# First parts of addresses that are no Page's handle.
RESERVED = (
    r"ads|business|dialog|events|friends|gaming|groups|hashtag|help|login|marketplace|media|messages|"
    r"notifications|pages?|people|permalink|photos?|plugins|policies|posts|privacy|profile|reels?|"
    r"saved|search|settings|sharer?|stories|story|videos?|watch|[^/]*\.php"
)
NAMES = {
    "group": r"(?P<group>(?!(?:create|discover|feed|joins|notifications|search)(?:/|$))"
    r"[a-z0-9][a-z0-9._-]{0,99})",
    "post": r"(?P<post>[0-9]{1,32}|pfbid[a-z0-9]{1,200})",
    "page": rf"(?P<page>(?!(?:{RESERVED})(?:/|$))[a-z0-9][a-z0-9._-]{{1,99}})",
    "profile": r"(?P<profile>[0-9]{1,32})",
}
NUMBER = re.compile("[0-9]{1,32}")
# Its path, its parameters, its kind, its canonical spelling; the first that fits counts.
FORMS: tuple[tuple[str, dict[str, str], str, str], ...] = (
    (r"/groups/{group}/(?:posts|permalink)/{post}", {}, POST, "groups/{group}/posts/{post}/"),
    (
        r"/groups/{group}",
        {"multi_permalinks": r"{post}(?:,.*)?"},
        POST,
        "groups/{group}/posts/{post}/",
    ),
    (
        r"/groups/{group}",
        {"view": "permalink", "id": "{post}"},
        POST,
        "groups/{group}/posts/{post}/",
    ),
    (r"/groups/{group}/user/{profile}", {}, PROFILE, "groups/{group}/user/{profile}/"),
    (r"/groups/{group}(?:/[a-z_]+)?", {}, GROUP, "groups/{group}/"),
    (
        r"/(?:permalink|story)\.php",
        {"story_fbid": "{post}", "id": "{profile}"},
        POST,
        "permalink.php?story_fbid={post}&id={profile}",
    ),
    (
        r"/photo(?:\.php)?",
        {"fbid": "{post}", "set": r"g\.{group}"},
        PHOTO,
        "photo/?fbid={post}&set=g.{group}",
    ),
    (r"/photo(?:\.php)?", {"fbid": "{post}"}, PHOTO, "photo/?fbid={post}"),
    (r"/{page}/photos/(?:[^/]+/){0,2}{post}", {}, PHOTO, "photo/?fbid={post}"),
    (r"/{page}/posts/(?:[^/]+/)?{post}", {}, POST, "{page}/posts/{post}/"),
    (r"/{page}/videos/(?:[^/]+/)?{post}", {}, VIDEO, "watch/?v={post}"),
    (r"/(?:watch|watch/live|video\.php)", {"v": "{post}"}, VIDEO, "watch/?v={post}"),
    (r"/reel/{post}", {}, REEL, "reel/{post}/"),
    (r"/profile\.php", {"id": "{profile}"}, PROFILE, "profile.php?id={profile}"),
    (r"/people/[^/]+/{profile}", {}, PROFILE, "profile.php?id={profile}"),
    (r"/p/[^/]*-{profile}", {}, PROFILE, "profile.php?id={profile}"),
    (r"/{page}(?:/(?:about|photos|posts|reels|videos))?", {}, PROFILE, "{page}/"),
)
OPAQUE = {
    SHARE: re.compile(r"/share(?:/[^/]+){1,2}", FLAGS),
    EVENT: re.compile(r"/events(?:/[^/]+){1,4}", FLAGS),
    HASHTAG: re.compile(r"/hashtag/[^/]+", FLAGS),
}


def _pattern(form: str) -> re.Pattern[str]:
    for name, pattern in NAMES.items():
        form = form.replace(f"{{{name}}}", pattern)
    return re.compile(form, FLAGS)


GROUP_NAME = _pattern("{group}")
READERS = [
    (_pattern(path), {name: _pattern(of) for name, of in parameters.items()}, kind, canonical)
    for path, parameters, kind, canonical in FORMS
]


def read(pasted: str) -> Address:
    """The first address of Facebook in the text that is understood, else the first of all."""
    found = [address for address in _addresses(pasted) if address.platform]
    understood = (address for address in found if address.kind)
    return next(understood, found[0] if found else Address())


def is_opaque(url: str) -> bool:
    """Whether only opening it would show which post it is."""
    return read(url).opaque


def group_in(pasted: str) -> str | None:
    """The number or slug of a group that stands alone, or in an address."""
    alone = GROUP_NAME.fullmatch(pasted.strip())
    return alone[0].lower() if alone else read(pasted).group


def _addresses(pasted: str) -> Iterator[Address]:
    return (_read(word.strip(AROUND)) for word in pasted[:MOST].split())


def _read(word: str, wrapped: bool = False) -> Address:
    shape = SHAPE.match(word)
    host = shape and HOST.fullmatch(shape[1])
    if not shape or not host or FORBIDDEN.search(word):
        return Address()
    path = re.sub("/+", "/", shape[2]).rstrip("/")
    query = dict(parse_qsl((shape[3] or "").replace("&amp;", "&")))
    if any(part in (".", "..") for part in path.split("/")):
        return Address(FACEBOOK)
    if host["short"]:
        return _opaque(SHARE, host["short"].lower(), path)
    if path.lower() == "/l.php":
        return Address(FACEBOOK) if wrapped else _read(query.get("u", "").strip(), wrapped=True)
    for kind, pattern in OPAQUE.items():
        if pattern.fullmatch(path):
            return _opaque(kind, "www.facebook.com", path)
    return _understood(path, query)


def _opaque(kind: str, host: str, path: str) -> Address:
    if not path:
        return Address(FACEBOOK)
    kept = quote(path, safe="/%", errors="replace")
    return Address(FACEBOOK, kind, canonical=f"https://{host}{kept}/", opaque=True)


def _understood(path: str, query: dict[str, str]) -> Address:
    for pattern, parameters, kind, canonical in READERS:
        matches = [pattern.fullmatch(path)]
        matches += [of.fullmatch(query.get(name, "")) for name, of in parameters.items()]
        if not all(matches):
            continue
        names = {name: of for match in matches if match for name, of in match.groupdict().items()}
        names |= {name: names[name].lower() for name in ("group", "page") if name in names}
        address = "https://www.facebook.com/" + canonical.format(**names)
        group, post = names.get("group"), names.get("post")
        if not post:
            return Address(FACEBOOK, kind, group, canonical=address)
        return _with_comment(Address(FACEBOOK, kind, group, post, canonical=address), query)
    return Address(FACEBOOK)


def _with_comment(of: Address, query: dict[str, str]) -> Address:
    """A comment that cannot be read must not pass for its post."""
    named = [name for name in ("comment_id", "reply_comment_id") if query.get(name)]
    if not named:
        return of
    if not all(NUMBER.fullmatch(query[name]) for name in named):
        return Address(FACEBOOK)
    more = "&".join(f"{name}={query[name]}" for name in named)
    joint = "&" if "?" in (of.canonical or "") else "?"
    address = f"{of.canonical}{joint}{more}"
    return Address(FACEBOOK, COMMENT, of.group, of.post, query[named[-1]], address)
