"""`make reset`: stop what runs from this directory and throw its data away.

python -m techforce.demo.reset
"""

import shutil
import sys

from techforce.demo import places, processes
from techforce.demo.postgres import Postgres
from techforce.demo.valkey import Valkey


def main() -> int:
    if processes.running_launcher():
        print("Tech Force is running from this directory. Stop it first (Ctrl-C).", file=sys.stderr)
        return 1
    if places.LOCAL.exists():
        processes.stop_leftovers()
        for server in (Postgres(places.POSTGRES), Valkey(places.VALKEY)):
            server.stop()
        for entry in places.LOCAL.iterdir():
            if entry != places.TESTS:  # a test run may be under way, and its data is none of the demo's
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    print("The demo's data is gone. `make run` starts over.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
