"""Reads .case files. README.md describes the format; anything it does not describe is an error."""

import dataclasses
import signal

import client


class CaseError(Exception):
    """The file is not a case."""


@dataclasses.dataclass
class Case:
    args: str = ""
    exit: object = 0  # a number, or the name of a signal
    timeout: float = 30.0
    json: bool = False
    twice: bool = False
    env: dict = dataclasses.field(default_factory=dict)
    files: dict = dataclasses.field(default_factory=dict)
    stdin: str = None  # None: /dev/null
    stdout: str = ""
    stderr: str = ""
    terminal: list = None  # [(kind, text)]
    request: str = None
    response: str = ""
    client: list = None  # see client.parse


def _header(case, path, number, line):
    key, separator, value = line.partition(":")
    value = value.strip()
    if not separator:
        raise CaseError(f"{path}:{number}: expected \"key: value\"")
    if key == "args":
        case.args = value
    elif key == "env":
        name, _, content = value.partition("=")
        case.env[name] = content
    elif key == "json" and value == "yes":
        case.json = True
    elif key == "twice" and value == "yes":
        case.twice = True
    elif key == "timeout":
        case.timeout = float(value)
    elif key == "exit":
        if value.startswith("SIG"):
            signal.Signals[value]
            case.exit = value
        else:
            case.exit = int(value)
    else:
        raise CaseError(f"{path}:{number}: unknown key \"{key}\"")


def _steps(path, text):
    steps = []
    for line in text.splitlines():
        if line[:2] not in ("< ", "> ", "! ", ">"):
            raise CaseError(f"{path}: a terminal line starts with \"< \", \"> \" or \"! \": {line}")
        escaped = line[2:].encode("latin-1", "backslashreplace").decode("unicode_escape")
        steps.append((line[0], escaped))
    return steps


def _text(lines):
    """The section's lines; a last line of backslash means: no line end before it."""
    text = "".join(line + "\n" for line in lines)
    return text[:-3] if text.endswith("\n\\\n") else text


def load(path):
    """The case in a file. CaseError if it is not one."""
    case = Case()
    sections = {}
    lines = None
    try:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if line.startswith("--- "):
                name = line[4:].strip()
                if name in sections:
                    raise CaseError(f"{path}:{number}: section \"{name}\" twice")
                lines = sections[name] = []
            elif lines is not None:
                lines.append(line)
            elif line.strip() and not line.startswith("#"):
                _header(case, path, number, line)
    except (ValueError, KeyError) as error:
        raise CaseError(f"{path}: {error}") from error
    for name, content in sections.items():
        text = _text(content)
        if name in ("stdin", "stdout", "stderr", "request", "response"):
            setattr(case, name, text)
        elif name == "terminal":
            case.terminal = _steps(path, text)
        elif name == "client":
            try:
                case.client = client.parse(text)
            except (client.ScriptError, ValueError) as error:
                raise CaseError(f"{path}: {error}") from error
        else:
            case.files[name] = text
    if case.terminal is not None and (case.stdout or case.stderr or case.stdin):
        raise CaseError(f"{path}: a terminal is stdin, stdout and stderr already")
    return case
