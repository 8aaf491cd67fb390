"""How the launcher and the tests start the stand-in, and what the application is told of it."""

from pathlib import Path

from techforce.demo import places
from techforce.demo.login_gov.keys import CLIENT_KEY, make_keys

__all__ = ["CLIENT_ID", "command", "make_keys", "variables"]

HOST = "127.0.0.1"
CLIENT_ID = "urn:gov:gsa:openidconnect.profiles:sp:sso:opm:techforce-demo"


def command(port: str, origin: str, directory: Path = places.LOGIN_GOV) -> tuple[str, ...]:
    """Both names of this machine may be in the browser's address bar."""
    other = origin.replace(f"//{HOST}", "//localhost")
    module = ("python", "-m", "techforce.demo.login_gov", "--port", port, "--directory", str(directory))
    return (*module, "--client-id", CLIENT_ID, "--origin", origin, "--origin", other)


def variables(port: int, directory: Path = places.LOGIN_GOV) -> dict[str, str]:
    """For the environment of the web processes."""
    return {
        "LOGIN_GOV_PORT": str(port),
        "LOGIN_GOV_URL": f"http://{HOST}:{port}",
        "LOGIN_GOV_CLIENT_ID": CLIENT_ID,
        "LOGIN_GOV_PRIVATE_KEY_FILE": str(directory / CLIENT_KEY),
    }
