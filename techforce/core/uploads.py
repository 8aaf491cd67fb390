"""Files that people send are counted while they arrive, before anything of them is kept (trust.md §3)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest


class SizeLimitHandler(FileUploadHandler):
    """First in FILE_UPLOAD_HANDLERS: drops a file as soon as it passes the limit and keeps the rest of the form, so
    that the page can say so with every answer in place."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > settings.LARGEST_UPLOAD:
            _too_large(self.request).add(str(self.field_name))
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:
        """Another handler keeps the file."""
        return None


def was_too_large(request: HttpRequest, field_name: str) -> bool:
    """Whether a file of this form was dropped for its size. Reading the form is what receives the files."""
    return bool(request.POST) and field_name in _too_large(request)


def _too_large(request: Any) -> set[str]:
    return request.__dict__.setdefault("too_large_uploads", set())  # type: ignore[no-any-return]
