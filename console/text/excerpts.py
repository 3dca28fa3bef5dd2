"""The beginning of a text, as much as fits a number of lines: texts may be 590 lines of a word each."""

import re

WIDTH = 100  # characters of a line: about what a card on a desktop takes
BREAK = re.compile(r"\r?\n|[\r\v\f\x85\u2028\u2029]")


def reach(text: str, lines: int) -> int:
    """How many characters of the text fit so many lines."""
    if len(text) < lines * WIDTH and len(text.splitlines()) + len(text) // WIDTH <= lines:
        return len(text)  # nearly every text
    end = 0
    for _line in range(lines):
        line_break = BREAK.search(text, end, end + WIDTH)
        end = line_break.end() if line_break else end + WIDTH
        if end >= len(text):
            return len(text)
    return end


def excerpt(text: str, lines: int) -> str:
    """The text, or its beginning and an ellipsis."""
    end = reach(text, lines)
    return text if end == len(text) else f"{text[:end].rstrip()}…"
