"""Settings of the web processes behind the proxy: `gunicorn -c planner/deploy/gunicorn.py 'planner:create_app()'`."""

import os

bind = "127.0.0.1:8001"
# Pages are processor work, so a process for each core and one for those that wait for the database.
workers = int(os.environ.get("WEB_CONCURRENCY", (os.cpu_count() or 1) + 1))
worker_class = "gthread"
threads = 4
# Loaded once, before the processes part: one that was killed is replaced at once, and all of them in one start's time.
preload_app = True
timeout = 60
graceful_timeout = 30
# A little at a time is given back, and never by all processes in the same moment.
max_requests = 20_000
max_requests_jitter = 2_000
limit_request_line = 4094
limit_request_field_size = 8190
forwarded_allow_ips = "127.0.0.1"
# Nobody steers it but the service manager; its socket would lie in the home folder, one for all of this user's servers.
control_socket_disable = True
