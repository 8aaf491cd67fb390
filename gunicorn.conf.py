"""How the web server runs, in the demo and in production. gunicorn reads this file by itself."""

import os

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "sync"
timeout = 30
graceful_timeout = 20
# A worker is replaced now and then, so that memory that a library leaks comes back.
max_requests = 5000
max_requests_jitter = 500
control_socket_disable = True
# Django's log tells what goes wrong, without personal data; an access log would hold addresses of people.
accesslog = None
