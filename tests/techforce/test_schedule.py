"""Beat and the workers know the same tasks: none is asked for in vain, none waits for somebody to ask."""

from collections.abc import Iterator

from celery import Task

from techforce.celery import app
from techforce.demo.places import ROOT

OURS = ("techforce.", "agencies.", "applicants.", "partners.", "placements.")


def our_tasks() -> Iterator[Task]:
    app.loader.import_default_modules()
    yield from (task for name, task in app.tasks.items() if name.startswith(OURS))


def woken_by_name() -> str:
    """Everything that could wake a task by its name, as one text."""
    folders = ("techforce", "agencies", "applicants", "partners", "placements")
    sources = [
        path for folder in folders for path in (ROOT / folder).rglob("*.py") if path.name != "tasks.py"
    ]
    return "\n".join(path.read_text(encoding="utf-8") for path in sources)


def test_every_entry_of_the_schedule_names_a_task() -> None:
    known = {task.name for task in our_tasks()}
    assert sorted({entry["task"] for entry in app.conf.beat_schedule.values()} - known) == []


def test_every_task_is_on_the_schedule_or_woken() -> None:
    sources = woken_by_name()
    assert sorted(task.name for task in our_tasks() if f'"{task.name}"' not in sources) == []
