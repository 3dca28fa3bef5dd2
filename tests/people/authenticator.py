"""A device with passkeys, as WebAuthn Level 2 has it: what it answers to the console's challenges."""

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode

import cbor2
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def data(text: str) -> bytes:
    return urlsafe_b64decode(text + "===")


class Device:
    """Holds one passkey. Its `count` goes up with each use, where it counts at all."""

    def __init__(self, origin: str = "http://localhost:8000", *, counts: bool = True):
        self.origin, self.counts, self.count = origin, counts, 0
        self.flags = PRESENT | VERIFIED
        self.id, self.key = secrets.token_bytes(32), generate_private_key(SECP256R1())
        self.handle = b""

    def make(self, options: dict) -> dict:
        """What navigator.credentials.create() gives, as JSON has it."""
        self.handle = data(options["user"]["id"])
        point = self.key.public_key().public_numbers()
        key = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)}
        attested = bytes(16) + len(self.id).to_bytes(2) + self.id + cbor2.dumps(key)
        signed = self._authenticator_data(options["rp"]["id"], ATTESTED) + attested
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": signed})
        said = self._client_data("webauthn.create", options)
        return self._credential(attestationObject=text(attestation), clientDataJSON=text(said))

    def sign(self, options: dict) -> dict:
        """What navigator.credentials.get() gives."""
        said = self._client_data("webauthn.get", options)
        signed = self._authenticator_data(options["rpId"])
        digest = hashlib.sha256(said).digest()
        return self._credential(
            clientDataJSON=text(said),
            authenticatorData=text(signed),
            signature=text(self.key.sign(signed + digest, ECDSA(SHA256()))),
            userHandle=text(self.handle),
        )

    def _client_data(self, type: str, options: dict) -> bytes:
        said = {"type": type, "challenge": options["challenge"], "origin": self.origin}
        return json.dumps(said).encode()

    def _authenticator_data(self, host: str, more: int = 0) -> bytes:
        self.count += self.counts
        flags = (self.flags | more).to_bytes(1)
        return hashlib.sha256(host.encode()).digest() + flags + self.count.to_bytes(4)

    def _credential(self, **response: str) -> dict:
        id = text(self.id)
        return {"id": id, "rawId": id, "type": "public-key", "response": response}
