"""A provider that answers as a test tells it to: a crooked Login.gov, or one whose network is down."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa


class CrookedProvider:
    """Serves discovery, keys, token and userinfo; `claims` overrides what the ID token says."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.signing_key: Any = self.key
        self.claims: dict[str, Any] = {}
        self.left_out: set[str] = set()
        self.nonsense: dict[str, Any] = {}
        self.algorithm = "RS256"
        self.person = {"sub": "person-1", "email": "maya@mail.example", "email_verified": True}
        self.nonce = self.client_id = ""
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def id_token(self) -> str:
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": self.client_id,
            "sub": "person-1",
            "nonce": self.nonce,
            "acr": "urn:acr.login.gov:auth-only",
            "iat": now,
            "exp": now + 300,
        } | self.claims
        kept = {name: value for name, value in claims.items() if name not in self.left_out}
        return jwt.encode(kept, self.signing_key, algorithm=self.algorithm, headers={"kid": "one"})

    def answer(self, path: str) -> Any:
        if path in self.nonsense:
            return self.nonsense[path]
        public = json.loads(jwt.get_algorithm_by_name("RS256").to_jwk(self.key.public_key()))
        return {
            "/.well-known/openid-configuration": {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "userinfo_endpoint": f"{self.url}/userinfo",
                "jwks_uri": f"{self.url}/keys",
            },
            "/keys": {"keys": [{**public, "kid": "one"}]},
            "/token": {"access_token": "a", "token_type": "Bearer", "id_token": self.id_token()},
            "/userinfo": self.person,
        }[path]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = json.dumps(provider.answer(self.path)).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                self.do_GET()

            def log_message(self, *args: object) -> None:
                """The tests' output is not the place for it."""

        return Handler
