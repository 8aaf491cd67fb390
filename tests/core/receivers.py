"""Receivers that can be asked whether they have a message; settings name them by path."""


def has_everything(message_id: str) -> bool:
    return True


def has_nothing(message_id: str) -> bool:
    return False


def is_away(message_id: str) -> bool:
    raise ConnectionRefusedError
