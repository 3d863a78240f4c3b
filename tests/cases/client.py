"""Plays the peer of a server in a case: a script of lines that sends and expects bytes on plain
sockets. README.md describes the lines. Knows no HTTP: what it sends may be as malformed as wanted.
"""

import re
import select
import socket
import time

# How long expected bytes may take, and how long "silent" listens.
PATIENCE = 5.0
SILENCE = 0.2

_VERBS_WITH_TEXT = (">", ">>", "<", "<<", "use", "says", "waits")
_VERBS = ("closed", "half", "leave", "reset", "silent", "refused", "ends")


class ScriptError(Exception):
    """The script has a line nobody understands."""


def parse(text):
    """[(verb, text)]; neighbouring lines that send, or that expect, become one step."""
    steps = []
    for line in text.splitlines():
        verb, _, rest = line.partition(" ")
        if verb not in (_VERBS_WITH_TEXT if rest else (">", "<") + _VERBS):
            raise ScriptError(f"no client line: {line!r}")
        if verb in (">", ">>", "<", "<<"):
            rest = rest.encode("latin-1", "backslashreplace").decode("unicode_escape")
            if verb in (">", "<"):
                rest += "\r\n"
            verb = verb[0]
            if steps and steps[-1][0] == verb:
                steps[-1] = (verb, steps[-1][1] + rest)
                continue
        steps.append((verb, rest))
    return steps


class _Peer:
    """One connection: what it received, and how far that was expected already."""

    def __init__(self, address):
        family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
        if not isinstance(address, str) and ":" in address[0]:
            family = socket.AF_INET6
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(address)
        self.received = ""
        self.position = 0
        self.ended = False

    def read_more(self, deadline):
        """False at the end of the connection or of the time."""
        left = max(0.0, deadline - time.monotonic())
        if self.ended or not select.select([self.socket], [], [], left)[0]:
            return False
        try:
            data = self.socket.recv(65536)
        except ConnectionResetError:
            data = b""
        self.ended = not data
        self.received += data.decode("latin-1")
        return bool(data)

    def rest(self):
        return self.received[self.position:]


def play(steps, address, process, written, pattern_of):
    """Runs the script; the first problem as a line, or None. `written()`: the program's output."""
    peers = {}
    name = ""
    try:
        for verb, text in steps:
            deadline = time.monotonic() + PATIENCE
            if verb == "use":
                name = text
            elif verb == "waits":
                time.sleep(float(text))
            elif verb == "says":
                while text.encode() not in written():
                    if time.monotonic() > deadline:
                        return f"client: the program never said {text!r}"
                    time.sleep(0.005)
            elif verb == "ends":
                try:
                    process.wait(PATIENCE)
                except Exception:  # TimeoutExpired
                    return "client: the program did not end"
            elif verb == "refused":
                try:
                    _Peer(address)
                    return "client: a connection was accepted"
                except (ConnectionRefusedError, FileNotFoundError):
                    pass
            else:
                if name not in peers:
                    peers[name] = _Peer(address)
                problem = _on_peer(peers, name, verb, text, deadline, pattern_of)
                if problem:
                    where = f" on {name}" if name else ""
                    return f"client{where}: {problem}"
        for name, peer in peers.items():
            # What a script does not expect must not be there either.
            peer.read_more(time.monotonic() + 0.02)
            if peer.rest():
                return f"client {name}: not expected: {peer.rest()!r}"
    finally:
        for peer in peers.values():
            peer.socket.close()
    return None


def _on_peer(peers, name, verb, text, deadline, pattern_of):
    peer = peers[name]
    if verb == ">":
        try:
            peer.socket.sendall(text.encode("latin-1"))
        except (BrokenPipeError, ConnectionResetError):
            return f"the server closed before {text[:60]!r} was sent"
    elif verb == "<":
        expected = pattern_of(text)
        while not (found := expected.match(peer.received, peer.position)):
            if not peer.read_more(deadline):
                return f"expected {text!r}, received {peer.rest()!r}"
        peer.position = found.end()
    elif verb == "closed":
        while peer.read_more(deadline):
            pass
        if peer.rest():
            return f"expected the end, received {peer.rest()!r}"
        if not peer.ended:
            return "the server did not close"
    elif verb == "silent":
        if peer.read_more(time.monotonic() + SILENCE) or peer.rest():
            return f"expected nothing, received {peer.rest()!r}"
        if peer.ended:
            return "the server closed"
    elif verb == "half":
        peer.socket.shutdown(socket.SHUT_WR)
    else:  # leave, reset
        if verb == "reset":
            linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"  # closes with RST
            peer.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        peer.socket.close()
        del peers[name]
        return f"not expected: {peer.rest()!r}" if peer.rest() else None
    return None


def address_in(output):
    """Where a server said it listens: a path, (host, port), or None."""
    found = re.search(rb"Listening on (?:http://(\[[^\]]+\]|[^:/]+):(\d+)/|(/[^\n]+)\n)", output)
    if found is None:
        return None
    if found[3]:
        return found[3].decode()
    host = found[1].decode().strip("[]")
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), int(found[2])
