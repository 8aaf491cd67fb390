"""Our components as template tags; `/design/` shows each in every state."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Sequence
from typing import Any, cast
from urllib.parse import urlsplit

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.forms import BaseForm
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from techforce.core import moments, navigation
from techforce.core.forms import in_our_style

register = template.Library()

# Levels of django.contrib.messages by their tag, to the four kinds of alert.
ALERT_KINDS = {"debug": "info", "info": "info", "success": "success", "warning": "warning", "error": "error"}

SCRIPT_ESCAPES = {ord(char): f"\\u{ord(char):04X}" for char in "<>&"}


@register.simple_tag
def icon(name: str) -> SafeString:
    """A pictogram beside words; it says nothing to a screen reader. Names: ICONS in static/build.mjs."""
    return format_html(
        '<svg class="tf-icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("dist/img/icons.svg"),
        name,
    )


@register.filter
def alert_kind(tags: str) -> str:
    """The kind of alert for the tags of a message; extra tags are ignored."""
    return next((ALERT_KINDS[tag] for tag in tags.split() if tag in ALERT_KINDS), "info")


@register.simple_block_tag(takes_context=True)
def alert(context: template.Context, content: str, kind: str = "info", title: str = "") -> SafeString:
    """`{% alert kind="warning" title=… %}…{% endalert %}`"""
    return _render(context, "components/alert.html", {"kind": kind, "title": title, "content": content})


@register.simple_block_tag(takes_context=True)
def table(
    context: template.Context, content: str, caption: str, columns: Sequence[str], empty: str = ""
) -> SafeString:
    """Head and frame of a table; the block holds its rows, with a `data-label` on each cell for phones."""
    own = {"caption": caption, "columns": columns, "empty": empty or _("Nothing here yet."), "rows": content}
    return _render(context, "components/table.html", own | {"has_rows": bool(content.strip())})


@register.simple_block_tag(takes_context=True)
def empty_state(context: template.Context, content: str, title: str) -> SafeString:
    """Says why there is nothing, and in the block what to do about it."""
    return _render(context, "components/empty_state.html", {"title": title, "content": content})


@register.simple_tag
def status_tag(label: str, kind: str = "neutral") -> SafeString:
    """A state as word and shape. Kinds: neutral, active, success, warning, error."""
    return format_html('<span class="tf-status tf-status--{}">{}</span>', kind, label)


@register.inclusion_tag("components/summary_list.html")
def summary_list(rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Answers for review: rows of `label`, `value` and, where it can be changed, `url`."""
    return {"rows": [{"url": "", **row} for row in rows]}


@register.inclusion_tag("components/step_indicator.html")
def step_indicator(labels: Sequence[str], current: int) -> dict[str, Any]:
    """Where a person stands in a form of several pages; `current` counts from 1."""
    return {
        "steps": list(enumerate(labels, start=1)),
        "current": current,
        "label": labels[current - 1],
        "total": len(labels),
    }


@register.inclusion_tag("components/timeline.html")
def timeline(events: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """What happened and what comes: `title` and `state` (done, current, ahead); `when`, `text` if known."""
    return {"events": [{"when": None, "text": "", **event} for event in events]}


@register.inclusion_tag("components/pagination.html")
def pagination(previous: str = "", next: str = "", label: str = "") -> dict[str, Any]:
    """Keyset paging: the addresses of the neighboring pages, empty where there is none."""
    return {"previous": previous, "next": next, "label": label or _("Pages")}


@register.inclusion_tag("components/due.html")
def due(moment: datetime.datetime | datetime.date, zone: str = moments.EASTERN) -> dict[str, Any]:
    """A deadline with its named time zone, and how far away it is."""
    days = moments.days_until(moment, zone)
    return {
        "iso": moment.isoformat(),
        "text": moments.deadline_text(moment, zone),
        "distance": moments.distance_text(days),
        "urgency": "late" if days < 0 else "soon" if days <= 3 else "later",
    }


@register.simple_tag
def place(text: str) -> str:
    """Where one meets: an address on the web as a link that names its host, anything else as it was written."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return text
    # A browser reads "\\" as "/" and drops what is not printed: it would go to another host than the one shown.
    is_plain = text.isprintable() and not set(text) & {" ", "\\"} and "@" not in parts.netloc
    if parts.scheme != "https" or not parts.hostname or not is_plain:
        return text
    return format_html('<a href="{}" rel="noopener noreferrer">{}</a>', text, parts.hostname)


@register.filter
def deadline(moment: datetime.datetime | datetime.date, zone: str = moments.EASTERN) -> str:
    """`{{ cohort.closes_at|deadline:cohort.time_zone }}`: "October 14, 2026, 11:59 p.m. ET"."""
    return moments.deadline_text(moment, zone)


@register.simple_tag
def linked_data(data: dict[str, Any]) -> SafeString:
    """What a page says, once more for search engines (JSON-LD). A browser never runs such a block, so the policy lets
    it stand in the page; `<`, `>` and `&` are written as escapes, so no text can end it."""
    text = json.dumps(data, cls=DjangoJSONEncoder).translate(SCRIPT_ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308  (escaped above)


@register.simple_tag
def our_fields(form: BaseForm) -> SafeString:
    """Renders a form of another package (sign-in) with our renderer."""
    return in_our_style(form).render()


@register.simple_tag(takes_context=True)
def navigation_items(context: template.Context) -> list[dict[str, Any]]:
    """Entries of the main menu for whoever reads; the section that the page belongs to is marked."""
    request = context.get("request")
    path = request.path if request else ""
    user = context.get("user")
    items = navigation.items_for(user) if user else []
    # Of sections inside one another the inner one: "Your openings" begins with the address of "Agency work".
    current = max((item.url for item in items if path.startswith(item.url)), key=len, default="")
    return [{"label": item.label, "url": item.url, "is_current": item.url == current} for item in items]


def _render(context: template.Context, name: str, own: dict[str, Any]) -> SafeString:
    rendered = cast("template.Template", context.template)  # None only while nothing is rendered
    return rendered.engine.get_template(name).render(context.new(own))
