"""Moderators at work while the console dies under them: each decision is posted until answered."""

import re
from random import Random
from threading import Event

import requests

from tests.cast import PASSWORD

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
VERSION = re.compile(r'name="version" value="(\d+)"')
BUTTON = re.compile(r'name="decision" value="([^"]+)"')


class Moderator:
    """A browser without JavaScript, and with patience."""

    def __init__(self, address: str, name: str, seed: int):
        self.address = address
        self.rng = Random(seed)
        self.session = requests.Session()
        self.session.trust_env = False
        self.told: dict[str, int] = {}  # key → entry, of what it was told is decided
        self.refused: set[str] = set()  # keys of what it was told is not
        self.faults: list[str] = []
        self.posting = Event()
        page = self._until_answered("GET", "/people/sign-in")
        form = {"csrf_token": TOKEN.search(page.text)[1], "name": name, "password": PASSWORD}
        answer = self._until_answered("POST", "/people/sign-in", form)
        assert answer.status_code == 303, answer.text

    def work(self, entries: list[int], enough: Event) -> None:
        """Decides on one entry after another, whatever its card offers."""
        try:
            while not enough.is_set():
                self._decide(self.rng.choice(entries))
        except Exception as error:  # in a thread, nobody else would hear of it
            self.faults.append(repr(error))
        finally:
            self.session.close()

    def _decide(self, entry: int) -> None:
        page = self._until_answered("GET", f"/entries/{entry}")
        if page.status_code != 200:
            self.faults.append(f"GET: {page.status_code} {page.text}")
            return
        offered = BUTTON.findall(page.text)
        # One in three is an undo where there is one: it races with the delivery.
        undo = "undo" in offered and self.rng.random() < 1 / 3
        key = f"{self.rng.getrandbits(128):032x}"
        form = {
            "csrf_token": TOKEN.search(page.text)[1],
            "version": VERSION.search(page.text)[1],
            "key": key,
            "decision": "undo" if undo else self.rng.choice(offered),
        }
        self.posting.set()
        answer = self._until_answered("POST", f"/entries/{entry}/decisions", form)
        kept = f"{key}-{entry}"  # a page has one key for all of its cards
        if answer.status_code == 303 and f"decided={entry}" in answer.headers["location"]:
            self.told[kept] = entry
        elif answer.status_code in (400, 409) and f'id="entry-{entry}"' in answer.text:
            self.refused.add(kept)
        else:
            self.faults.append(f"{form['decision']}: {answer.status_code} {answer.text}")

    def _until_answered(self, method: str, path: str, form: dict | None = None):
        """Sends it again, the same to the letter, until somebody answers."""
        for _attempt in range(2000):
            try:
                return self.session.request(
                    method,
                    self.address + path,
                    data=form,
                    timeout=self._patience(form),
                    allow_redirects=False,
                )
            except requests.RequestException:
                Event().wait(0.02)
        raise AssertionError(f"nobody answers {method} {path}")

    def _patience(self, form: dict | None) -> float:
        """Of three decisions one is sent from a tunnel: the connection goes before the answer."""
        tunnel = form and "decision" in form and self.rng.random() < 1 / 3
        return self.rng.uniform(0.002, 0.04) if tunnel else 20
