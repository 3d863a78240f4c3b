#!/usr/bin/env python3
"""Sends GET requests one after another over one connection: requests.py PORT COUNT. For counts, not for times."""
import socket
import sys

port, count = int(sys.argv[1]), int(sys.argv[2])
with socket.create_connection(("127.0.0.1", port), timeout=300) as connection:
    stream = connection.makefile("rb")
    for _ in range(count):
        connection.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        status = stream.readline()
        if status != b"HTTP/1.1 200 OK\r\n":
            sys.exit(f"requests.py: the server said {status!r}")
        length = 0
        while (line := stream.readline()) != b"\r\n":
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        stream.read(length)
