from console.queue import decisions
from tests.cast import fresh, slip


def test_release_publishes_what_was_held(held, anna):
    decisions.release(held, anna, slip(held))
    assert fresh(held).is_published
