"""Sign-in with Login.gov: OpenID Connect with private_key_jwt, a nonce and assurance that the browser cannot choose."""
