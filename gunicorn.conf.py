"""How the web server runs, in the demo and in production. gunicorn reads this file by itself."""

import os

from gunicorn.config import Config
from gunicorn.glogging import Logger


class JsonLogger(Logger):
    """Sends the server's own lines where Django's go: JSON, without personal data.

    (With `logconfig_dict` instead, gunicorn would switch its access log on.)
    """

    def setup(self, cfg: Config) -> None:
        from techforce.core.logs import console  # the project is importable only after this file was read

        super().setup(cfg)
        self.error_log.handlers = [console()]


logger_class = JsonLogger
bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "sync"
timeout = 30
graceful_timeout = 20
# A worker is replaced now and then, so that memory that a library leaks comes back.
# No proxy of ours sets SCRIPT_NAME or PATH_INFO by header, so nobody may.
forwarder_headers = ""
max_requests = 5000
max_requests_jitter = 500
control_socket_disable = True
# Django's log tells what goes wrong, without personal data; an access log would hold addresses of people.
accesslog = None
