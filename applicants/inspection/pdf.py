"""PDF: what is active is refused, what is left is written anew without metadata, forms and hidden parts."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from typing import Any

import pikepdf
import pypdf
import pypdf.errors
from pikepdf import Array, Dictionary, Name, Stream

from applicants.inspection import MOST_CHARACTERS, Refusal, is_harmless_link
from applicants.inspection.pictures import without_metadata

MOST_PAGES = 100
ACTIVE_KEYS = frozenset({"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/XFA", "/RichMediaContent"})
ACTIVE_ACTIONS = frozenset({"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE"})
# What is needed to show the pages, and to read them aloud (tags, language, layers).
CATALOG_KEYS = frozenset(
    {"/Type", "/Pages", "/Lang", "/MarkInfo", "/StructTreeRoot", "/OCProperties", "/PageLabels"}
)
BOXES = frozenset({"/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox"})
PAGE_KEYS = BOXES | {
    *("/Type", "/Parent", "/Resources", "/Contents", "/Rotate", "/Group"),
    *("/StructParents", "/Tabs", "/UserUnit", "/Annots"),
}
LINK_KEYS = frozenset(
    {
        *("/Type", "/Subtype", "/Rect", "/QuadPoints", "/Border", "/BS", "/C", "/H", "/F"),
        *("/A", "/Dest", "/P", "/StructParent", "/Contents"),
    }
)
UNREADABLE = (
    *(pypdf.errors.PyPdfError, pypdf.errors.DependencyError, pikepdf.PdfError, struct.error, zlib.error),
    *(ValueError, LookupError, TypeError, AttributeError, ArithmeticError, AssertionError, RecursionError),
    NotImplementedError,
)
"""What the reader of text raises over fonts that are broken; lack of memory is not among it."""
FETCHED_KEYS = frozenset({"/Ref", "/OPI"})
"""Of a picture: what another file shows in its place."""
TELLING_KEYS = frozenset({"/Metadata", "/PieceInfo", "/LastModified", "/AF", "/AA", "/OpenAction"})


def rewrite_pdf(path: str, target: str) -> str:
    try:
        with pikepdf.open(path) as pdf:
            _refuse_active(pdf)
            _reduce(pdf)
            pdf.save(
                target,
                encryption=False,
                preserve_pdfa=False,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
            )
    except pikepdf.PasswordError:
        raise Refusal("encrypted") from None
    except (pikepdf.PdfError, RecursionError, ValueError, LookupError, TypeError, AttributeError):
        raise Refusal("damaged") from None
    return _text_of(target)


# ── Refused ───────────────────────────────────────────────────────────────────────────────────────
def _refuse_active(pdf: pikepdf.Pdf) -> None:
    if not len(pdf.pages):
        raise Refusal("damaged")
    if any(_is_active(obj) for obj in pdf.objects):
        raise Refusal("active_content")


def _is_active(obj: Any) -> bool:
    """Scripts, programs to start, files inside."""
    return any(_is_active_part(part) for part in _parts(obj))


def _is_active_part(part: Any) -> bool:
    if isinstance(part, Array):
        return False
    if isinstance(part, Stream) and "/F" in part:  # its content lies in another file, or at an address
        return True
    found = ACTIVE_KEYS & set(part.keys())
    return (
        any(not _is_harmless_entry(part.get(key)) for key in found)
        or str(part.get("/S", "")) in ACTIVE_ACTIONS
    )


def _is_harmless_entry(value: Any) -> bool:
    """A font, a picture or a role that is only called like that, or a list of files without any."""
    if isinstance(value, Name):
        return True
    if isinstance(value, Stream | Dictionary) and (value.get("/Type"), value.get("/Subtype")) != (None, None):
        return value.get("/Type") == Name.Font or value.get("/Subtype") in (Name.Image, Name.Form)
    is_tree = isinstance(value, Dictionary) and not isinstance(value, Stream)
    return is_tree and not any(len(value.get(key, ())) for key in ("/Names", "/Kids")) and "/F" not in value


def _parts(obj: Any) -> Iterator[Any]:
    """An object and what lies in it, however deep; objects of their own are looked at by themselves."""
    waiting = [obj]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Array | Dictionary | Stream):
            yield part
            waiting += [child for child in _children(part) if not _stands_alone(child)]


def _children(part: Any) -> list[Any]:
    return list(part) if isinstance(part, Array) else [part.get(key) for key in set(part.keys())]


def _stands_alone(child: Any) -> bool:
    return bool(getattr(child, "is_indirect", False))


# ── Left out ──────────────────────────────────────────────────────────────────────────────────────
def _reduce(pdf: pikepdf.Pdf) -> None:
    """What somebody typed into a form or wrote beside the text becomes part of the page first."""
    pdf.generate_appearance_streams()
    pdf.flatten_annotations("screen")
    _keep_only(pdf.Root, CATALOG_KEYS)
    for name in ("/Info", "/ID"):
        if name in pdf.trailer:
            del pdf.trailer[name]
    for page in pdf.pages:
        _keep_only(page.obj, PAGE_KEYS)
        _keep_links(page.obj)
    for obj in pdf.objects:
        _leave_out(pdf, obj)


def _keep_only(holder: Any, keys: frozenset[str]) -> None:
    for key in set(holder.keys()) - keys:
        del holder[key]


def _keep_links(page: Any) -> None:
    """Of all that lies over a page only links to pages, mailboxes and telephones."""
    if "/Annots" not in page:
        return
    links = [note for note in page.Annots if _is_link(note)]
    for link in links:
        _keep_only(link, LINK_KEYS)
    page.Annots = Array(links)


def _is_link(note: Any) -> bool:
    if not isinstance(note, Dictionary) or note.get("/Subtype") != Name.Link:
        return False
    action = note.get("/A")
    return action is None or (isinstance(action, Dictionary) and _is_harmless(action))


def _is_harmless(action: Any) -> bool:
    if "/Next" in action:
        return False
    if action.get("/S") == Name.GoTo:
        return True
    return action.get("/S") == Name.URI and is_harmless_link(str(action.get("/URI", "")))


def _leave_out(pdf: pikepdf.Pdf, obj: Any) -> None:
    """What speaks of the writer rather than of the work, wherever it stands."""
    for part in _parts(obj):
        if not isinstance(part, Array):
            for key in TELLING_KEYS & set(part.keys()):
                del part[key]
    if isinstance(obj, Stream):
        for key in FETCHED_KEYS & set(obj.keys()):
            del obj[key]
        _clean_picture(pdf, obj)


def _clean_picture(pdf: pikepdf.Pdf, picture: Stream) -> None:
    """A photograph may be packed once more around its own packing."""
    filters = picture.get("/Filter")
    names = list(filters) if isinstance(filters, Array) else [filters]
    if not names or names[-1] != Name.DCTDecode:
        return
    raw = picture.read_raw_bytes()
    if len(names) > 1:
        inner = Stream(pdf, raw)
        inner.Filter = Array(names[:-1])
        if isinstance(parameters := picture.get("/DecodeParms"), Array):
            inner.DecodeParms = Array(list(parameters)[:-1])
        raw = inner.read_bytes()
    picture.write(without_metadata(raw), filter=Name.DCTDecode)


# ── Read ──────────────────────────────────────────────────────────────────────────────────────────
def _readable(path: str) -> str | io.BytesIO:
    """The reader knows only the encodings that have a name, and takes two bytes of another for two letters. A font says
    by code, not by glyph, which letter it shows, so any code of two bytes will do for reading."""
    with pikepdf.open(path) as pdf:
        fonts = [obj for obj in pdf.objects if _has_own_codes_of_two_bytes(obj)]
        if not fonts:
            return path
        for font in fonts:
            font.Encoding = Name("/Identity-H")
        copy = io.BytesIO()
        pdf.save(copy)
        return copy


def _has_own_codes_of_two_bytes(obj: Any) -> bool:
    if not isinstance(obj, Dictionary) or obj.get("/Subtype") != Name.Type0:
        return False
    encoding = obj.get("/Encoding")
    return isinstance(encoding, Stream) and b"<0000> <ffff>" in encoding.read_bytes().lower()


def _text_of(path: str) -> str:
    """What a reader of the rewritten file sees. One that opens but is not understood counts as one without text."""
    found: list[str] = []
    try:
        for page in pypdf.PdfReader(_readable(path)).pages[:MOST_PAGES]:
            found.append(_text_of_page(page))
            if sum(map(len, found)) > MOST_CHARACTERS:
                break
    except UNREADABLE:
        return "\n".join(found)
    return "\n".join(found)


def _text_of_page(page: pypdf.PageObject) -> str:
    """A font that is broken takes the words of its own page only."""
    try:
        return page.extract_text()
    except UNREADABLE:
        return ""
