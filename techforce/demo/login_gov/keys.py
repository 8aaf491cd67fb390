"""The keys of the stand-in and of its one client, made when they are first needed."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

CLIENT_KEY = "client.pem"
CLIENT_PUBLIC_KEY = "client.pub.pem"
PROVIDER_KEY = "provider.pem"


def make_keys(directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    for name in (CLIENT_KEY, PROVIDER_KEY):
        path = directory / name
        if not path.exists():
            path.touch(mode=0o600)
            write_pair(path)


def write_pair(path: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    path.with_suffix(".pub.pem").write_bytes(public)
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
