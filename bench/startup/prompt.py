#!/usr/bin/env python3
"""Starts a command on a terminal of its own and prints the milliseconds until it shows a prompt ("> ")."""
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
print("%.3f" % ((time.monotonic() - start) * 1e3))
os.kill(pid, signal.SIGKILL)
os.waitpid(pid, 0)
