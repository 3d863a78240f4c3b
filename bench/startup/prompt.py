#!/usr/bin/env python3
"""Starts a command on a terminal of its own and prints the milliseconds until it shows a prompt ("> "), and the
milliseconds of CPU time it had used by then."""
import os
import pty
import signal
import sys
import time

start = time.monotonic()
pid, terminal = pty.fork()
if pid == 0:
    os.environ.update(TERM="xterm", NO_COLOR="1")
    os.execv(sys.argv[1], sys.argv[1:])
seen = b""
while b"> " not in seen:
    try:
        more = os.read(terminal, 4096)
    except OSError:
        more = b""
    if not more:
        sys.exit("no prompt: " + seen.decode(errors="replace"))
    seen += more
wall = time.monotonic() - start
os.kill(pid, signal.SIGKILL)
_, _, usage = os.wait4(pid, 0)
print("%.3f %.3f" % (wall * 1e3, (usage.ru_utime + usage.ru_stime) * 1e3))
