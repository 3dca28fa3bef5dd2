"""The live feed of a page, and the cards that it asks for."""

from functools import partial

from flask import Blueprint, Response, abort, g, render_template, request
from flask_login import current_user

from console.frame import frame_of
from console.live import feed as feeds
from console.people import sessions
from console.queue.views import card_context, cards_of
from console.web import htmx, page_of, unattended, whole
from models import Seat

live = Blueprint("live", __name__, url_prefix="/queue")

MAX_CARDS = 50
CLOCK_SLACK = 5  # seconds: a decision's moment is a little before its commit


@live.record_once
def _register(state) -> None:
    frame = frame_of(state.app)
    frame.add_words("live/_live.html")
    frame.add_context(lambda: {"since": int(g.now.timestamp()) - CLOCK_SLACK})


@live.get("/live")
@unattended
def feed():
    """Server-Sent Events; to whoever does not ask for a stream, all that was missed, at once."""
    after = whole(request.headers.get("Last-Event-ID") or request.args.get("after")) or 0
    look = partial(_reader, current_user.get_id())
    if request.accept_mimetypes.best == "text/event-stream" and not feeds.feed.is_full:
        messages = feeds.feed.read(look, after)
        headers = {"X-Accel-Buffering": "no"}  # a proxy would wait for more
        return Response(messages, mimetype="text/event-stream", headers=headers)
    return feeds.news_for(look() or abort(401), after)


@live.get("/cards")
@unattended
def show_cards():
    """The cards of these entries as they are now, each for the place where it stands.

    `since`: when the page that shows them was made; what was decided later is news to it.
    """
    g.back = page_of(htmx.current_url)
    ids = [id for id in map(whole, request.args.getlist("id")) if id]
    since = request.args.get("since", 0.0, type=float)
    cards = cards_of(ids[:MAX_CARDS])
    decided_ids = {card.entry.id for card in cards if card.is_decided_since(since)}
    return render_template(
        "queue/cards.html", cards=cards, decided_ids=decided_ids, **card_context()
    )


def _reader(key: str) -> feeds.Reader | None:
    """Who reads a stream that this session opened, and which groups of; None once it has ended."""
    session = sessions.find(key)
    if session is None:
        return None
    user = session.user
    seats = Seat.select(Seat.group).where(Seat.user == user).order_by(Seat.group)
    groups = None if user.is_administrator else tuple(seat.group_id for seat in seats)
    return feeds.Reader(user.id, session.key_hash, groups)
