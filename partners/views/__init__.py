"""Pages of partner companies: `roster`, `nominating` and `colleagues` for coordinators, `person` for nominees."""
