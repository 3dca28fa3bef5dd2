"""The words screeners, compiled into one table, so that each token is looked up once for all of them.

Settings of a words screener:
  alone      {base: [forms]}  a form holds by itself; a form of several words is a phrase
  with_cue   {base: [forms]}  a form holds only with a second cue near it
  cues       [names]          which cues count: those of builtin.json, "second" (another word of the
                              same screener) and "name" (a person's name); default: DEFAULT_CUES
  cue_words  [forms]          further cues, up to 6 words away
  unless_near [forms]         no hit with one of these up to 3 words away ("rondo", "ulica")
  unless     [forms]          no hit with one of these anywhere in the entry ("policja ostrzega")

A form in capitals only ("PO") matches only in capitals.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from console.language import N_
from console.screening import names
from console.screening.cues import DEFAULT_CUES, DISTANCE, NEAR, Cue, cues
from console.screening.disguise import Unmasker
from console.screening.reading import Invalid, Reading, Span, sentence_numbers
from console.text.folding import Folded, Token, fold, fold_keeping_diacritics, tokens

# Marks can be stacked without end, and to put them in order takes the square of their number.
_LONGEST_SPELLED = 100
_KEYS = {"alone", "with_cue", "cues", "cue_words", "unless_near", "unless"}


@dataclass(frozen=True, slots=True)
class Form:
    screener: int
    base: str
    folded: tuple[str, ...]
    with_diacritics: tuple[str, ...]
    alone: bool
    capitals: bool


@dataclass(slots=True)
class Conditions:
    """The conditions of one screener on the words around a hit."""

    cues: list[Cue]
    second: bool
    name: bool
    unless_near: frozenset[str]
    unless: frozenset[str]


@dataclass(slots=True)
class Node:
    """The forms that begin with one word: single words, and phrases by their second word."""

    single: list[Form] = field(default_factory=list)
    phrases: dict[str, list[Form]] = field(default_factory=lambda: defaultdict(list))


def folded_set(settings: dict, key: str) -> frozenset[str]:
    return frozenset(fold(form) for form in settings.get(key, ()))


def _conditions(name: str, settings: dict) -> Conditions:
    known, names_of_cues = cues(), settings.get("cues", DEFAULT_CUES)
    for cue in names_of_cues:
        if cue not in known and cue not in ("second", "name"):
            raise Invalid(N_("{screener}: there is no cue called “{cue}”"), screener=name, cue=cue)
    near = [known[cue] for cue in names_of_cues if cue in known]
    if settings.get("cue_words"):
        near.append(Cue(folded_set(settings, "cue_words"), DISTANCE, DISTANCE))
    return Conditions(
        near,
        "second" in names_of_cues,
        "name" in names_of_cues,
        folded_set(settings, "unless_near"),
        folded_set(settings, "unless"),
    )


class Lexicon:
    """All words screeners of a screening. `screeners` are (name, settings)."""

    def __init__(self, screeners: list[tuple[str, dict]]):
        self._table: defaultdict[str, Node] = defaultdict(Node)
        self._conditions = [_conditions(name, settings) for name, settings in screeners]
        vocabulary: set[str] = set()
        maskable: set[str] = set()
        for number, (name, settings) in enumerate(screeners):
            _check(name, settings)
            for form in _forms(number, name, settings):
                self._add(form)
                vocabulary.update(form.folded)
                if form.alone and len(form.folded) == 1:
                    maskable.add(form.folded[0])
        self._table.default_factory = None
        self._unmasker = Unmasker(vocabulary, maskable)

    def _add(self, form: Form) -> None:
        node = self._table[form.folded[0]]
        (node.phrases[form.folded[1]] if len(form.folded) > 1 else node.single).append(form)

    def find(self, reading: Reading) -> Iterator[tuple[int, Span]]:
        """(number of the screener, hit), phrases before the words within them."""
        search = _Search(reading, self._unmasker.tokens(reading.plain, reading.tokens), self)
        for index, (word, _, _) in enumerate(search.tokens):
            node = self._table.get(word)
            if node:
                yield from search.at(index, node)

    def conditions(self, screener: int) -> Conditions:
        return self._conditions[screener]

    def node(self, word: str) -> Node | None:
        return self._table.get(word)


class _Search:
    """One text being searched."""

    def __init__(self, reading: Reading, tokens: list[Token], lexicon: Lexicon):
        self.reading, self.tokens, self._lexicon = reading, tokens, lexicon
        self._sentences: list[int] | None = None

    def at(self, index: int, node: Node) -> Iterator[tuple[int, Span]]:
        if node.phrases and index + 1 < len(self.tokens):
            for form in node.phrases.get(self.tokens[index + 1][0], ()):
                if self._is_there(form, index):
                    yield from self._hits_at(form, index)
        for form in node.single:
            if self._is_written(form, index):
                yield from self._hits_at(form, index)

    def _is_there(self, form: Form, index: int) -> bool:
        """A phrase: its words in a row, within one sentence."""
        end = index + len(form.folded)
        if len(self.tokens) < end or any(
            self.tokens[index + place][0] != word for place, word in enumerate(form.folded)
        ):
            return False
        return self._sentence(index) == self._sentence(end - 1) and self._is_written(form, index)

    def _is_written(self, form: Form, index: int) -> bool:
        """Whether the diacritics agree: either those of the form are typed, or none."""
        for place, with_diacritics in enumerate(form.with_diacritics):
            word, start, end = self.tokens[index + place]
            original = self.reading.original(start, end)
            if form.capitals and not original.isupper():
                return False
            spelled = fold_keeping_diacritics(original[:_LONGEST_SPELLED])
            # A disguised word does not fold to the form, so its diacritics are not compared.
            if spelled not in (with_diacritics, word) and fold(original) == word:
                return False
        return True

    def _hits_at(self, form: Form, index: int) -> Iterator[tuple[int, Span]]:
        conditions = self._lexicon.conditions(form.screener)
        last = index + len(form.folded) - 1
        if conditions.unless and not conditions.unless.isdisjoint(self.reading.words):
            return
        if conditions.unless_near and self._near(index, last, conditions.unless_near, NEAR, NEAR):
            return
        cue = "" if form.alone else self._cue(form, index, last, conditions)
        if cue is not None:
            start, end = self.tokens[index][1], self.tokens[last][2]
            yield form.screener, Span(*self.reading.span(start, end), form.base, cue)

    def _cue(self, form: Form, first: int, last: int, conditions: Conditions) -> str | None:
        for cue in conditions.cues:
            original = self._near(first, last, cue.words, cue.before, cue.after)
            if original:
                return original
        if not conditions.second and not conditions.name:
            return None
        around = self._around(first, last, DISTANCE, DISTANCE)
        for index in around if conditions.second else ():
            node = self._lexicon.node(self.tokens[index][0])
            if node and any(self._is_second(other, form, index) for other in node.single):
                return self._original(index)
        for index in around if conditions.name else ():
            if names.is_name(self.reading, self.tokens, index):
                return self._original(index)
        return None

    def _is_second(self, other: Form, form: Form, index: int) -> bool:
        same = other.screener == form.screener and other.base != form.base
        return same and self._is_written(other, index)

    def _near(self, first: int, last: int, words: frozenset, before: int, after: int) -> str:
        if words.isdisjoint(self.reading.words):
            return ""
        for index in self._around(first, last, before, after):
            if self.tokens[index][0] in words:
                return self._original(index)
        return ""

    def _around(self, first: int, last: int, before: int, after: int) -> list[int]:
        """The indexes of the words around the hit, in the same sentence."""
        sentence = self._sentence(first)
        left = range(max(0, first - before), first)
        right = range(last + 1, min(len(self.tokens), last + 1 + after))
        return [i for i in (*left, *right) if self._sentence(i) == sentence]

    def _sentence(self, index: int) -> int:
        if self._sentences is None:
            self._sentences = sentence_numbers(self.reading.plain, self.tokens)
        return self._sentences[index]

    def _original(self, index: int) -> str:
        return self.reading.original(*self.tokens[index][1:])


def _check(name: str, settings: dict) -> None:
    for key in settings.keys() - _KEYS:
        raise Invalid(N_("{screener}: unknown setting “{key}”"), screener=name, key=key)
    for key in ("alone", "with_cue"):
        if not isinstance(settings.get(key, {}), dict):
            raise Invalid(N_("{screener}: “{key}” must map words to forms"), screener=name, key=key)
    if not settings.get("alone") and not settings.get("with_cue"):
        raise Invalid(N_("{screener}: there are no words to look for"), screener=name, key="alone")


def _forms(number: int, name: str, settings: dict) -> Iterator[Form]:
    for key in ("alone", "with_cue"):
        for base, forms in settings.get(key, {}).items():
            for form in dict.fromkeys(forms):
                yield _form(number, name, base, form, key == "alone")


def _form(number: int, name: str, base: str, form: str, alone: bool) -> Form:
    typed = Folded(form)
    words = tokens(typed.plain)
    if not words:
        raise Invalid(
            N_("{screener}: “{form}” has no letters"),
            screener=name,
            key="alone" if alone else "with_cue",
            form=form,
        )
    with_diacritics = tuple(
        fold_keeping_diacritics(typed.original(start, end)) for _, start, end in words
    )
    capitals = form.isupper() and 1 < len(form) < 5
    return Form(number, base, tuple(word for word, _, _ in words), with_diacritics, alone, capitals)
