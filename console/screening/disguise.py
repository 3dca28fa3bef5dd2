"""Finds listed words that are disguised: k*rwa, kuuurwa, k.u.r.w.a, 1d10ta, Кurwa (Cyrillic К).

Only suspicious pieces of text are decoded, and only listed words are accepted, so that dates, URLs,
units and abbreviations are left alone.
"""

import re
from collections import defaultdict
from itertools import islice

import re2

from console.text.folding import Token

# A cheap linear test whether the text contains anything suspicious.
_TRIPLES = "|".join(letter * 3 for letter in "abcdefghijklmnoprstuwyz")
_TRIGGER = re2.compile(
    r"\pL[0-9@$!|*#_•%&.\-]+\pL|[0-9@$!|]\pL|\pL[0-9@$]|\pL\pL\*|uu|aa|yy|[\p{Cyrillic}\p{Greek}]|"
    r"(?:^|[^\pL])\pL[\s.,\-]{1,3}\pL[\s.,\-]{1,3}\pL(?:[^\pL]|$)|" + _TRIPLES
)
_PIECE = re.compile(r"[^\W_][\w*#@$!|•%&.\-]*")
_SPACED = re.compile(r"(?<![^\W_])[^\W\d_](?:[ .,_*\n\-]{1,3}[^\W\d_]){2,39}(?![^\W_])")
_REPEATED = re.compile(r"(.)\1+")
_DRAWN_OUT = re.compile(r"(.)\1\1|uu|aa|yy")
_LOOK_ALIKES = dict(
    zip(
        map(ord, "авеіікмнорстухѕјгпздԁԛԝьαβεικνορτυχγηω"),
        "abeiikmhopctyxsjrnzddqwbabeiknoptuxynw",
        strict=True,
    )
)
_U_TOO = {ord("у"): "u"}  # Cyrillic у looks like y and is read u
_LATIN = re.compile(r"[a-z]")
_OTHER_SCRIPT = re.compile(r"[\u0370-\u03ff\u0400-\u052f]")
_LEET = [str.maketrans("0134578@$!|", f"o{one}eastbas{bang}l") for one in "il" for bang in "il"]
_LEET_SIGN = re.compile(r"[0134578@$!|]")
_MASK = re.compile(r"[*#@$_•%&]+")
_SEPARATOR = re.compile(r"[.\-_*#|•]")
_PIECES_AT_MOST, _SPACED_AT_MOST = 2000, 100  # per text; those after are not decoded
_LONGEST_PIECE, _LONGEST_WORD = 60, 20


class Unmasker:
    """Decodes disguised words.

    vocabulary  all listed words, folded
    maskable    those that are also found with letters replaced by signs (k*rwa)
    """

    def __init__(self, vocabulary: set[str], maskable: set[str]):
        self._vocabulary = frozenset(word for word in vocabulary if len(word) > 2)
        self._squeezed = {_squeeze(word): word for word in sorted(self._vocabulary)}
        self._by_initial: dict[str, list[str]] = defaultdict(list)
        for word in sorted(maskable):
            if len(word) > 3:
                self._by_initial[word[0]].append(word)

    def tokens(self, plain: str, tokens: list[Token]) -> list[Token]:
        """The tokens, where each disguised word replaces the tokens it was split into."""
        if not _TRIGGER.search(plain):
            return tokens
        words = self._spaced(plain) + self._pieces(plain)
        return _put_in(tokens, words) if words else tokens

    def _spaced(self, plain: str) -> list[Token]:
        words = []
        for match in islice(_SPACED.finditer(plain), _SPACED_AT_MOST):
            letters = [(m[0], m.start()) for m in re.finditer(r"[^\W\d_]", match[0])]
            joined = "".join(letter for letter, _ in letters)
            hit = self._inside(joined)
            if hit:
                first, last = letters[hit[0]][1], letters[hit[1] - 1][1] + 1
                words.append((joined[slice(*hit)], match.start() + first, match.start() + last))
        return words

    def _inside(self, joined: str) -> tuple[int, int] | None:
        """The span of the longest listed word, of four letters or more, in letters that were apart."""
        for length in range(min(len(joined), _LONGEST_WORD), 3, -1):
            for start in range(len(joined) - length + 1):
                if joined[start : start + length] in self._vocabulary:
                    return start, start + length
        return None

    def _pieces(self, plain: str) -> list[Token]:
        words, tried = [], 0
        for match in _PIECE.finditer(plain):
            piece = match[0]
            if piece.isascii() and piece.isalpha() and not _DRAWN_OUT.search(piece):
                continue
            if piece.isdigit() or len(piece) > _LONGEST_PIECE:
                continue
            tried += 1
            if tried > _PIECES_AT_MOST:
                break
            word, length = self._resolve(piece)
            if word:
                words.append((word, match.start(), match.start() + length))
        return words

    def _resolve(self, piece: str) -> tuple[str | None, int]:
        trimmed = piece.rstrip(".-!|_")
        for candidate in dict.fromkeys((trimmed, trimmed.rstrip("*#@$%&•"))):
            word = candidate and self._read(candidate)
            if word:
                return word, len(candidate)
        return None, 0

    def _read(self, piece: str) -> str | None:
        for latin in _to_latin(piece):
            if latin.isalpha():
                if latin in self._vocabulary and latin != piece:
                    return latin
                if _DRAWN_OUT.search(latin):
                    return self._squeezed.get(_squeeze(latin))
                continue
            word = self._leet(latin) or self._joined(latin) or self._masked(latin)
            if word:
                return word
        return None

    def _leet(self, piece: str) -> str | None:
        if not _LEET_SIGN.search(piece) or sum(map(str.isalpha, piece)) < 2:
            return None
        for table in _LEET:
            word = piece.translate(table)
            if word in self._vocabulary:
                return word
            if word.isalpha() and _DRAWN_OUT.search(word) and _squeeze(word) in self._squeezed:
                return self._squeezed[_squeeze(word)]
        return None

    def _joined(self, piece: str) -> str | None:
        word = _SEPARATOR.sub("", piece)
        return word if len(word) > 3 and word != piece and word in self._vocabulary else None

    def _masked(self, piece: str) -> str | None:
        letters = _MASK.sub("", piece)
        if letters == piece or not letters.isalpha() or len(letters) < 2 or not piece[0].isalpha():
            return None
        if _MASK.match(piece[-1]) and len(letters) < 3:
            return None
        # If most of the word is visible, a sign may stand for several letters.
        slack = len(letters) if len(letters) > 3 and not _MASK.match(piece[-1]) else 0
        hidden = _MASK.sub(lambda m: rf"[a-z]{{{len(m[0])},{len(m[0]) + slack}}}", piece)
        pattern = re.compile(hidden)
        return next((w for w in self._by_initial[piece[0]] if pattern.fullmatch(w)), None)


def _squeeze(word: str) -> str:
    return _REPEATED.sub(r"\1", word)


def _to_latin(piece: str) -> list[str]:
    """Readings in Latin letters: look-alikes are replaced in pieces that mix scripts."""
    if not (_OTHER_SCRIPT.search(piece) and _LATIN.search(piece)):
        return [piece]
    as_seen = piece.translate(_LOOK_ALIKES)
    return list(dict.fromkeys((as_seen, piece.translate(_U_TOO).translate(_LOOK_ALIKES))))


def _put_in(tokens: list[Token], words: list[Token]) -> list[Token]:
    """Puts the words that were found among the tokens, in place of those that they overlap."""
    words.sort(key=lambda item: (item[1], -item[2]))
    merged: list[Token] = []
    position = 0
    for word, start, end in words:
        if merged and start < merged[-1][2]:
            continue
        while position < len(tokens) and tokens[position][2] <= start:
            merged.append(tokens[position])
            position += 1
        merged.append((word, start, end))
        while position < len(tokens) and tokens[position][1] < end:
            position += 1
    return merged + tokens[position:]
