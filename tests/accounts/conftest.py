import pytest

from techforce.accounts import addresses, registry, second_factor
from tests.accounts.visitor import Visitor


@pytest.fixture
def visitor() -> Visitor:
    return Visitor()


@pytest.fixture
def _registries(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test registers is gone after it."""
    for module, name in (
        (addresses, "_EMPLOYER_DOMAINS"), (addresses, "_BARRED_IDENTITIES"), (second_factor, "_RULES"),
        (registry, "_REASSIGNERS"), (registry, "_ENDERS"),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, getattr(module, name).copy())
