"""What hostile or careless people send, for every door of the console. See tests/system/test_hostile.py.

Endless texts are of the size that the longest field takes: 64 KiB.
"""

import json

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}{%raw%}&lt;"
LONGEST = 1 << 16


def endless(piece: str, length: int = LONGEST) -> str:
    return (piece * (length // len(piece) + 1))[:length]


# Each breaks, or has broken, something: somewhere, not necessarily here.
TEXTS = {
    "nothing": "",
    "spaces": "   ",
    "line ends": "\r\n\n\r",
    "hard and thin spaces": "\u00a0\u2009\u202f\u3000",
    "NUL": "a\0b",
    "control characters": "\x01\x07\x08\x1b[31m\x7f\x85",
    "a lone surrogate": "a\ud800b",
    "surrogates in the wrong order": "\udfff\ud83e",
    "zero width": "\u200b\u200c\u200d\ufeff\u2060",
    "no trace": "\u3164\u115f\u2800",
    "soft hyphens": "w\u00adó\u00adj\u00adt",
    "right to left": "\u202egnp.exe\u202c \u2067abc\u2066",
    "a hundred marks": "a" + "\u0301" * 100,
    "Zalgo": "z\u0335\u0321\u0316a\u0338\u0322l\u0337\u0317g\u0336\u0318o\u0334\u0319" * 20,
    "a family": "👨\u200d👩\u200d👧\u200d👦🏳️\u200d🌈🇵🇱",
    "unassigned": "\U0010ffff\ufdd0\ue000",
    "a long ligature": "ﷺ﷽ﬃ",
    "letters that grow": "İıßŉǰΐ",
    "other digits": "٦٠٠٧٠٠٨٠٠ ６００ ৬০০ ①②③ ½",
    "mathematical letters": "𝐤𝐮𝐫𝐰𝐚 𝟔𝟎𝟎",
    "markup": EVIL,
    "the end of a script": "</script></style></textarea></title>--><!--]]>",
    "an attribute": "\" onmouseover=alert(1) x='",
    "a template": "{{ config }}{% for x in ().__class__.__mro__ %}${7*7}#{7}<%= 7 %>",
    "a format": "%s %d %(name)s %n {0} {name.__class__} {",
    "SQL": "'; DROP TABLE entry; -- \" OR 1=1 /*",
    "a pattern of SQL": "%_%\\_",
    "a formula": '=HYPERLINK("http://a.pl";"x")',
    "a formula of the shell": "@SUM(1+9)*cmd|' /C calc'!A0",
    "search syntax": 'NEAR("a" b, 2) author:* {text place}: ^a - "b',
    "search operators": 'AND OR NOT ((( "*" -- +a -b* OR',
    "quotes that do not pair off": '"\'„”«` "a',
    "brackets without end": "((((" * 500,
    "a header": "a\r\nSet-Cookie: x=1\r\n\r\n<p>",
    "escapes": "%00%0d%0a%2e%2e%2f%ff%u0041&amp;&#0;&#x110000;\\u0000\\x00",
    "a way out": "../../../../etc/passwd\\..\\..\\boot.ini",
    "a script's address": "javascript:alert(1)",
    "another host": "//evil.example/\\evil.example",
    "an address without end": "http://" + "a." * 2000 + "pl",
    "an address that is none": "http://[::1]:99999999/%zz?#[",
    "Punycode": "https://xn--80ak6aa92e.com/xn--",
    "a day that there is not": "2026-02-30",
    "the year 0": "0000-00-00",
    "the last year": "9999-12-31",
    "a year without end": "99999-01-01T00:00:00Z",
    "a negative id": "-1",
    "an id too large": str(2**63),
    "an id of PostgreSQL's too large": str(2**31),
    "a number without end": "9" * 5000,
    "no number": "NaN",
    "infinity": "-Infinity",
    "an exponent": "1e999",
    "an id in other digits": "１２",
    "null": "null",
    "a list in a name": "[]",
    "one letter": endless("a"),
    "one word": endless("kurwa "),
    "new lines": endless("\n"),
    "marks": endless("\u0301"),
    "hedgehogs": endless("🦔", 1 << 14),
    "digits": endless("1 2 "),
    "one digit": endless("7"),
    # Slow to screen: smaller, so that the tests stay quick.
    "domains": endless("a.pl,", 1 << 13),
    "www": endless("www.", 1 << 13),
    "dots": "http://" + endless("a.", 1 << 13),
    "at signs": endless("http://a@", 1 << 13),
}

# Endless texts of each are what screening and pages are measured by.
PIECES = [
    "a", "a ", "\n", "ą", "🦔", "\u0301", "((((", "48 600 100 200 ", "jan@example.com ", "kurwa ",
    "i.d.i.o.t.a ", "k*", "k.u.", "a.b", "ty baran i ", "1 2", "mieszka na 5 ", "\u202e\ud800o\u0301",
    "w morde ", "https://bit.ly/a ", "к", "niech ich ", "uu", "http://a@",
]  # fmt: skip


# For where JSON is read: what is no text at all.
VALUES = {
    "null": None,
    "true": True,
    "a number": 7,
    "a fraction": 0.5,
    "a negative number": -1,
    "a number of 64 bits": 2**63,
    "a number without end": 10**400,
    "a list": [],
    "a list of lists": [[[]]],
    "a table": {},
    "a table of odd names": {"": None, "__proto__": {"id": 1}, "a\0b": "\ud800"},
    "not a number": float("nan"),
    "infinity": float("inf"),
}

# Whole bodies that are no message.
BODIES = {
    "nothing": b"",
    "no JSON": b"hello",
    "half of it": b'{"type": "entry.created", "data": {',
    "two in one": b"{}{}",
    "a byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": '{"type": "entry.created"}'.encode("utf-16"),
    "bytes": bytes(range(256)),
    "a name twice": b'{"type": "entry.created", "type": 7, "data": {}, "timestamp": 1}',
    "very deep": b"[" * 100_000,
    "deep and closed": b'{"a":' * 5000 + b"1" + b"}" * 5000,
    "many keys": json.dumps({str(n): n for n in range(5000)}).encode(),
}


def wire(text: str) -> bytes:
    """The text as bytes; a lone surrogate as no browser, but as any program can send it."""
    return text.encode("utf-8", "surrogatepass")
