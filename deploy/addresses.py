"""Try the addresses given to us, so that a wrong one is said in a sentence rather than found in a log."""

import socket
from urllib.parse import urlsplit

import psycopg2
import redis

from deploy.say import Fault

SECONDS = 5


def check_database(url: str) -> None:
    try:
        psycopg2.connect(url, connect_timeout=SECONDS).close()
    except psycopg2.Error as error:
        raise Fault(f"The database of DATABASE_URL ({_shown(url)}) cannot be used: {_last_line(error)}.") from error


def check_redis(url: str) -> None:
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=SECONDS, socket_timeout=SECONDS) as client:
            client.ping()
    except (redis.RedisError, ValueError, socket.gaierror) as error:
        raise Fault(f"The Redis server of REDIS_URL ({_shown(url)}) cannot be used: {_last_line(error)}.") from error


def _shown(url: str) -> str:
    """Without user and password: this line ends up in logs."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _last_line(error: Exception) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0].strip().rstrip(".")
