"""Passkeys: a device signs a challenge once it knows its user; no password is involved.

The package `webauthn` is imported where it is used: few processes ever need its 24 MB.
"""

import logging
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from console import audit
from console.config import settings
from console.errors import NotFound, Refused
from console.language import _
from console.storage import db, now
from console.text.names import is_visible
from models import Passkey, User

LIFETIME = timedelta(minutes=5)  # of a challenge
log = logging.getLogger(__name__)


class Challenge(NamedTuple):
    """For a device to sign. `handle` is what a new passkey's device is to call the user by."""

    value: bytes
    made: datetime
    handle: bytes = b""

    @classmethod
    def new(cls, handle: bytes = b"") -> "Challenge":
        return cls(secrets.token_bytes(32), now(), handle)

    @property
    def is_good(self) -> bool:
        return now() - self.made < LIFETIME


def handle_of(user: User) -> bytes:
    """What devices call the user by: random, and the same for all of their passkeys."""
    first = user.passkeys.first()
    return bytes.fromhex(first.handle) if first else secrets.token_bytes(64)


def options_to_add(user: User, challenge: Challenge) -> str:
    """JSON for navigator.credentials.create(). A device that has one of the user's makes no other."""
    import webauthn
    from webauthn.helpers import base64url_to_bytes, structs

    has = [base64url_to_bytes(each.credential_id) for each in user.passkeys]
    options = webauthn.generate_registration_options(
        rp_id=settings().passkey_host,
        rp_name="Furtka",
        user_name=user.name,
        user_id=challenge.handle,
        challenge=challenge.value,
        timeout=_milliseconds(),
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=each) for each in has],
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
    )
    return webauthn.options_to_json(options)


def options_to_sign_in(challenge: Challenge) -> str:
    """JSON for navigator.credentials.get(). It names no passkey: the device knows which it has."""
    import webauthn
    from webauthn.helpers import structs

    options = webauthn.generate_authentication_options(
        rp_id=settings().passkey_host,
        challenge=challenge.value,
        timeout=_milliseconds(),
        user_verification=structs.UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def add(user: User, name: str, response: str, challenge: Challenge | None) -> Passkey:
    """Keeps what a device made for the challenge. Raises Refused when it does not fit."""
    import webauthn
    from webauthn.helpers import bytes_to_base64url

    name = " ".join(name.split())
    if len(name) > 80 or not is_visible(name) or not name.isprintable():
        raise Refused(_("A passkey's name has 1 to 80 characters."), "name")
    challenge = _good(challenge)
    made = _verified(webauthn.verify_registration_response, response, challenge)
    credential_id = bytes_to_base64url(made.credential_id)
    with db.atomic():
        if Passkey.select().where(Passkey.credential_id == credential_id).exists():
            raise Refused(_("This passkey is here already. Nothing was changed."))
        passkey = Passkey.create(
            user=user,
            handle=challenge.handle.hex(),
            credential_id=credential_id,
            public_key=bytes_to_base64url(made.credential_public_key),
            sign_count=made.sign_count,
            name=name,
        )
        audit.record(user, "user.passkey-added", user.name, name)
    return passkey


def sign_in(response: str, challenge: Challenge | None) -> User:
    """The user whose device signed the challenge. Raises Refused when it is not so."""
    import webauthn
    from webauthn.helpers import (
        base64url_to_bytes,
        bytes_to_base64url,
        parse_authentication_credential_json,
    )

    challenge = _good(challenge)
    claimed = _guarded(parse_authentication_credential_json, response)
    passkey = Passkey.get_or_none(Passkey.credential_id == bytes_to_base64url(claimed.raw_id))
    if passkey is None or claimed.response.user_handle != bytes.fromhex(passkey.handle):
        raise Refused(
            _(
                "This passkey is not known here; perhaps it was revoked. Sign in with your "
                "password, or ask an administrator for a one-time link."
            )
        )
    found = _verified(
        webauthn.verify_authentication_response,
        response,
        challenge,
        credential_public_key=base64url_to_bytes(passkey.public_key),
        credential_current_sign_count=passkey.sign_count,
    )
    # A copied cookie brings its challenge back, but the use of it is later.
    is_unused = Passkey.used.is_null() | (Passkey.used < challenge.made)
    is_as_it_was = (Passkey.id == passkey.id) & (Passkey.sign_count == passkey.sign_count)
    use = Passkey.update(sign_count=found.new_sign_count, used=now())
    if not use.where(is_as_it_was, is_unused).execute():
        raise _refusal()
    if not passkey.user.active:
        raise Refused(_("This account is deactivated. Ask an administrator."))
    return passkey.user


def revoke(user: User, id: int) -> None:
    """It signs nobody in any more. Raises NotFound for what is not the user's."""
    with db.atomic():
        passkey = user.passkeys.where(Passkey.id == id).first()
        if passkey is None:
            raise NotFound
        _revoke(user, passkey)


def revoke_all(user: User) -> None:
    """Within a transaction."""
    for passkey in user.passkeys:
        _revoke(user, passkey)


def _revoke(user: User, passkey: Passkey) -> None:
    passkey.delete_instance()
    audit.record(user, "user.passkey-revoked", user.name, passkey.name)


def _good(challenge: Challenge | None) -> Challenge:
    if challenge is None or not challenge.is_good:
        raise Refused(_("That took too long, or was sent twice. Nothing was changed. Try again."))
    return challenge


def _verified(verify: Callable[..., Any], response: str, challenge: Challenge, **more: Any) -> Any:
    return _guarded(
        verify,
        credential=response,
        expected_challenge=challenge.value,
        expected_rp_id=settings().passkey_host,
        expected_origin=settings().origin,
        require_user_verification=True,
        **more,
    )


def _guarded(read: Callable[..., Any], *given: Any, **more: Any) -> Any:
    """The package reads what a stranger sent, and says in many ways that it does not fit."""
    try:
        return read(*given, **more)
    except Exception as error:
        log.warning("a passkey was refused: %.300r", error)
        raise _refusal() from error


def _refusal() -> Refused:
    return Refused(_("The passkey did not fit. Nothing was changed. Try again, or use another."))


def _milliseconds() -> int:
    return int(LIFETIME.total_seconds()) * 1000
