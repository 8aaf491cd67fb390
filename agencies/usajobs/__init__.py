"""Announcements of USAJOBS, read without the database."""

from agencies.usajobs.announcement import (
    Announcement,
    Gap,
    Unreadable,
    UnreadableFile,
    read_announcements,
)

__all__ = ["Announcement", "Gap", "Unreadable", "UnreadableFile", "read_announcements"]
