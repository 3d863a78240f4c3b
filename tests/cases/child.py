"""Starts the program of a case: plainly, on a terminal of its own, or as a server to talk to.
Every child is the leader of a session of its own, and is killed with its group when its time is up.
"""

import dataclasses
import fcntl
import os
import pty
import select
import signal
import socket
import subprocess
import tempfile
import termios
import time

import client


@dataclasses.dataclass
class Outcome:
    exit: object = None
    stdout: str = ""
    stderr: str = ""
    response: str = ""
    problems: list = dataclasses.field(default_factory=list)


def _exit_of(code):
    return code if code is None or code >= 0 else signal.Signals(-code).name


def _kill(process):
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def _text(data):
    return data.decode("utf-8", "backslashreplace")


def run_plain(command, folder, environment, stdin, timeout):
    """No terminal anywhere; stdin is a pipe with the given text, or /dev/null."""
    outcome = Outcome()
    process = subprocess.Popen(command, cwd=folder, env=environment, start_new_session=True,
                               stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        stdout, stderr = process.communicate(None if stdin is None else stdin.encode(), timeout)
    except subprocess.TimeoutExpired:
        _kill(process)
        stdout, stderr = process.communicate()
        outcome.problems.append(f"timed out after {timeout:g} s")
    outcome.exit = _exit_of(process.returncode)
    outcome.stdout, outcome.stderr = _text(stdout), _text(stderr)
    return outcome


def run_on_terminal(command, folder, environment, steps, timeout):
    """On a pseudo-terminal. Steps: "<" wait for text, ">" type a line, "!" must not appear."""
    outcome = Outcome()
    primary, secondary = pty.openpty()

    def take_terminal():
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    process = subprocess.Popen(command, cwd=folder, env=environment, stdin=secondary,
                               stdout=secondary, stderr=secondary, preexec_fn=take_terminal)
    os.close(secondary)
    deadline = time.monotonic() + timeout
    shown = b""
    position = 0

    def read_more():
        """False at the end of the output or of the time."""
        nonlocal shown
        if not select.select([primary], [], [], max(0.0, deadline - time.monotonic()))[0]:
            return False
        try:
            data = os.read(primary, 65536)
        except OSError:  # EIO: the last process closed the terminal
            return False
        shown += data
        return bool(data)

    for kind, text in steps:
        if kind == ">":
            os.write(primary, text.encode() + b"\n")
        elif kind == "<":
            wanted = text.encode()
            while (found := shown.find(wanted, position)) < 0:
                if not read_more():
                    outcome.problems.append(f"never showed {text!r}")
                    break
            else:
                position = found + len(wanted)
            if found < 0:
                break
    while read_more():
        pass
    try:
        process.wait(max(0.1, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        outcome.problems.append(f"timed out after {timeout:g} s")
    _kill(process)
    os.close(primary)
    outcome.exit = _exit_of(process.returncode)
    outcome.stdout = _text(shown)
    for kind, text in steps:
        if kind == "!" and text.encode() in shown:
            outcome.problems.append(f"showed {text!r}")
    return outcome


def run_server(command, folder, environment, talk, timeout):
    """Waits until the program says where it listens, then calls
    `talk(address, process, written, deadline, outcome)`. At the end SIGTERM stops it unless
    it ended by itself."""
    outcome = Outcome()
    with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        process = subprocess.Popen(command, cwd=folder, env=environment, start_new_session=True,
                                   stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr)
        deadline = time.monotonic() + timeout

        def written():
            return b"".join(os.pread(file.fileno(), 1 << 20, 0) for file in (stdout, stderr))

        address = None
        while address is None and process.poll() is None and time.monotonic() < deadline:
            address = client.address_in(written())
            if address is None:
                time.sleep(0.01)
        # What ended at once may have said it all the same.
        address = address or client.address_in(written())
        if address is None:
            outcome.problems.append("never said \"Listening on\"")
        else:
            try:
                talk(address, process, written, deadline, outcome)
            except OSError as error:
                outcome.problems.append(f"client: {error}")
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                outcome.problems.append("did not stop at SIGTERM")
                _kill(process)
        outcome.exit = _exit_of(process.returncode)
        outcome.stdout, outcome.stderr = (_text(os.pread(file.fileno(), 1 << 20, 0))
                                          for file in (stdout, stderr))
    return outcome


def one_request(request):
    """For run_server: sends the request (line ends become CRLF), reads to the end of the
    connection."""
    def talk(address, process, written, deadline, outcome):
        remaining = max(0.1, deadline - time.monotonic())
        with socket.create_connection(address, remaining) as connection:
            connection.sendall(request.replace("\n", "\r\n").encode())
            data = b""
            while part := connection.recv(65536):
                data += part
        outcome.response = _text(data.replace(b"\r\n", b"\n"))
    return talk


def client_script(steps, pattern_of):
    """For run_server: plays a script of client.parse()."""
    def talk(address, process, written, deadline, outcome):
        problem = client.play(steps, address, process, written, pattern_of)
        if problem:
            outcome.problems.append(problem)
    return talk
