"""The web server: few processes with threads, which suits short requests that wait for PostgreSQL."""

import os

bind = os.environ.get("WEB_BIND") or f"127.0.0.1:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
# Loaded once and forked: a start takes half the time, and the workers share what they read.
preload_app = True
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 60
graceful_timeout = 10
keepalive = 5
max_requests = 5000
max_requests_jitter = 500
accesslog = "-"
control_socket_disable = True
# Heartbeat files on a disk that stalls would have healthy workers killed.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 - for heartbeats, no data
