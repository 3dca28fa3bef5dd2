"""Messages as a platform sends them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from bench.texts import texts

AUTHORS = 200
PERIOD = timedelta(days=6)


def messages(count: int, seed: int) -> Iterator[dict]:
    """New entries of the last six days, by 200 authors; three in five are comments."""
    rng = Random(seed)
    start = datetime.now(UTC) - PERIOD
    for number, text in zip(range(count), texts(rng), strict=False):
        at = (start + PERIOD * (number / count)).isoformat()
        is_comment = number > 10 and rng.random() < 0.6
        parent = f"{seed}-{rng.randrange(max(0, number - 100), number)}" if is_comment else None
        yield {
            "type": "entry.created",
            "timestamp": at,
            "data": {
                "id": f"{seed}-{number}",
                "kind": "comment" if is_comment else "post",
                "parent_id": parent,
                "author": _author(rng.randrange(AUTHORS)),
                "text": text,
                "url": f"https://www.facebook.com/groups/gmina-0/posts/{seed}00{number}/",
                "links": [],
                "media": [],
                "created_at": at,
                "held": None,
                "figures": {"views": rng.randrange(2000), "reactions": 3, "comments": 0},
            },
        }


def _author(number: int) -> dict[str, str]:
    id = f"10003{number:010}"
    url = f"https://www.facebook.com/profile.php?id={id}"
    return {"id": id, "name": f"Autorka {number}", "url": url}
