"""Where the demo and the tests keep what they make. Git ignores all of it."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCAL = ROOT / ".local"
LOGS = LOCAL / "logs"
MAIL = LOCAL / "mail"
MEDIA = LOCAL / "media"
POSTGRES = LOCAL / "postgres"
VALKEY = LOCAL / "valkey"
LAUNCHER = LOCAL / "launcher"
LOGIN_GOV = LOCAL / "login_gov"
TESTS = LOCAL / "test"
