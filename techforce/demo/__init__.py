"""One command that shows the whole program: embedded servers, web, worker, beat, mail and demo data."""
