"""Who may do what with certificates, selections, offers, placements and checklists, by topic. Each `view_` agrees with
`visible_to`, and repeats in memory what the querysets say in SQL."""

from placements.permissions import (  # noqa: F401  (each registers its own)
    certificates,
    ethics,
    numbers,
    selections,
    service,
    steps,
)
