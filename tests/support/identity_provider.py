"""An identity provider over real HTTP: strict about the code flow with PKCE, and able to lie.

Its people need no password: whoever is set as `claims` has signed in there already.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, abort, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from werkzeug.serving import make_server

CLIENT_ID, CLIENT_SECRET = "unpack", "a-secret-of-the-provider-0u7Qx"
ALGORITHM = "RS256"
KEY = RSAKey.generate_key(2048, {"kid": "one"})  # the one that is published


@dataclass
class IdentityProvider:
    """`claims`: of who is signed in there. `lies`: claims that go out instead of the right ones.

    algorithm: with which tokens are signed; "none" and "HS256" are an attacker's. answers: not of
    one that is down.
    """

    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    lies: dict[str, Any] = field(default_factory=dict)
    algorithm: str = ALGORITHM
    in_userinfo_only: bool = False
    says_it_is: str = ""
    answers: bool = True
    key: RSAKey = field(default_factory=lambda: KEY)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def settings(self) -> dict[str, str]:
        """What the operator of Unpack puts into the environment."""
        return {
            "OIDC_ISSUER": self.issuer,
            "OIDC_CLIENT_ID": CLIENT_ID,
            "OIDC_CLIENT_SECRET": CLIENT_SECRET,
            "OIDC_DOMAINS": "acme.test, example.com",
            "OIDC_NAME": "Acme Login",
        }

    def id_token(self, nonce: str) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": nonce,
            **self._said_at_once(), **self.lies,
        }  # fmt: skip
        header = {"alg": self.algorithm, "kid": "one"}
        key: Any = OctKey.import_key(CLIENT_SECRET) if self.algorithm == "HS256" else self.key
        if self.algorithm == "none":
            return f"{_packed(header)}.{_packed(claims)}."
        return jwt.encode(header, claims, key, algorithms=[self.algorithm])

    def _said_at_once(self) -> dict[str, Any]:
        return {"sub": self.claims["sub"]} if self.in_userinfo_only else self.claims


def _packed(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


@contextmanager
def running() -> Iterator[IdentityProvider]:
    """A provider on a free port of this machine, until the context ends."""
    provider = IdentityProvider()
    server = make_server("127.0.0.1", 0, _app(provider), threaded=True)
    provider.issuer = f"http://127.0.0.1:{server.server_port}/tenant/"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _app(provider: IdentityProvider) -> Flask:
    app = Flask("identity-provider")
    app.before_request(lambda: None if provider.answers else Response("", 503))
    app.before_request(lambda: provider.asked.append(request.path))
    for path, methods, answer in (
        ("/tenant/.well-known/openid-configuration", ["GET"], partial(_metadata, provider)),
        ("/authorize", ["GET"], partial(_authorize, provider)),
        ("/token", ["POST"], partial(_token, provider)),
        ("/keys", ["GET"], _keys),
        ("/userinfo", ["GET"], lambda: jsonify(provider.claims)),
    ):
        app.add_url_rule(path, path.strip("/").replace(".", ""), answer, methods=methods)
    return app


def _metadata(provider: IdentityProvider) -> ResponseReturnValue:
    root = provider.issuer.removesuffix("/tenant/")
    return jsonify(
        issuer=provider.says_it_is or provider.issuer,
        authorization_endpoint=f"{root}/authorize",
        token_endpoint=f"{root}/token",
        jwks_uri=f"{root}/keys",
        userinfo_endpoint=f"{root}/userinfo",
        id_token_signing_alg_values_supported=[ALGORITHM, "HS256", "none"],
    )


def _keys() -> ResponseReturnValue:
    return jsonify(keys=[KEY.as_dict(private=False)])


def _authorize(provider: IdentityProvider) -> ResponseReturnValue:
    asked = request.args
    if asked["client_id"] != CLIENT_ID or asked["response_type"] != "code":
        abort(400)
    if asked["code_challenge_method"] != "S256" or "openid" not in asked["scope"].split():
        abort(400)
    if not provider.claims:
        back = {"error": "access_denied", "state": asked["state"]}
        return redirect(f"{asked['redirect_uri']}?{urlencode(back)}")
    code = secrets.token_urlsafe(8)
    kept = ("redirect_uri", "code_challenge", "nonce")
    provider.codes[code] = {name: asked[name] for name in kept}
    return redirect(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}")


def _token(provider: IdentityProvider) -> ResponseReturnValue:
    given = request.authorization
    if given is None or (given.username, given.password) != (CLIENT_ID, CLIENT_SECRET):
        return jsonify(error="invalid_client"), 401
    code = provider.codes.pop(request.form["code"], None)
    if code is None or code["redirect_uri"] != request.form["redirect_uri"]:
        return jsonify(error="invalid_grant"), 400
    digest = hashlib.sha256(request.form["code_verifier"].encode()).digest()
    if base64.urlsafe_b64encode(digest).decode().rstrip("=") != code["code_challenge"]:
        return jsonify(error="invalid_grant"), 400
    return jsonify(
        access_token=secrets.token_urlsafe(8),
        token_type="Bearer",
        expires_in=300,
        id_token=provider.id_token(code["nonce"]),
    )
