#!/usr/bin/env python3
"""Turns amaro's WebAssembly (swc's TypeScript parser) into C files that are linked into rt.

    generate.py <amaro's internal.js> <wasm2c> <output folder> <number of parts>

wasm2c writes one file of a million lines; here it is cut into parts of about the same size, so that two
compilers share it and each stays small. The output depends on nothing but the input: the compiler cache
must hit on the next clean build. Files that did not change are not touched.
"""
import base64
import pathlib
import re
import subprocess
import sys
import tempfile

# In front of every part: what replaces wasm2c's own bookkeeping.
SHARED_HEAD = """\
/* Made by src/typescript/swc/generate.py from wasm2c's output. */
#ifndef RT_SWC_SHARED_H_
#define RT_SWC_SHARED_H_
"""
# A call goes no deeper than the native stack allows: no signal handler, no counting.
STACK_CHECK = """\
#if defined(__x86_64__)
register uintptr_t rt_stack_pointer __asm__("rsp");
#elif defined(__aarch64__)
register uintptr_t rt_stack_pointer __asm__("sp");
#else
#error "no stack check for this processor"
#endif
#define FUNC_PROLOGUE \\
  if (UNLIKELY(rt_stack_pointer < instance->rt_stack_limit)) TRAP(EXHAUSTION);
#define FUNC_EPILOGUE

#undef TRAP
#define TRAP(x) (rt_swc_trap_##x(), 0)
#define RT_SWC_TRAP(x) \
  WASM_RT_NO_RETURN __attribute__((cold, noinline, visibility("hidden"))) void rt_swc_trap_##x(void);
RT_SWC_TRAP(OOB) RT_SWC_TRAP(INT_OVERFLOW) RT_SWC_TRAP(DIV_BY_ZERO) RT_SWC_TRAP(INVALID_CONVERSION)
RT_SWC_TRAP(UNREACHABLE) RT_SWC_TRAP(CALL_INDIRECT) RT_SWC_TRAP(EXHAUSTION)

"""
# The traps' definitions: out of line, so that a bounds check costs a compare and a jump.
TRAPS = "".join(
    f"void rt_swc_trap_{name}(void) {{ wasm_rt_trap(WASM_RT_TRAP_{name}); }}\n"
    for name in ["OOB", "INT_OVERFLOW", "DIV_BY_ZERO", "INVALID_CONVERSION", "UNREACHABLE",
                 "CALL_INDIRECT", "EXHAUSTION"])


def fail(message):
    sys.exit(f"generate.py: {message} (written for amaro 1.2.1 and wabt 1.0.32)")


def replace_once(text, old, new):
    if text.count(old) != 1:
        fail(f"expected to find once: {old[:60]!r}")
    return text.replace(old, new)


def extract_wasm(script):
    literals = re.findall(r'"(AGFzbQ[A-Za-z0-9+/=]+)"', script)
    if len(literals) != 1:
        fail("no single WebAssembly module in amaro's internal.js")
    return base64.b64decode(literals[0])


def write(path, text):
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def main():
    script, wasm2c, out, parts = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]), int(sys.argv[4])
    wasm = extract_wasm(pathlib.Path(script).read_text())
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        (work / "swc.wasm").write_bytes(wasm)
        subprocess.run([wasm2c, "swc.wasm", "-n", "swc", "-o", "swc.c"], cwd=work, check=True)
        header = (work / "swc.h").read_text()
        source = (work / "swc.c").read_text()

    header = replace_once(header, "  u32 w2c_g0;\n", "  u32 w2c_g0;\n  uintptr_t rt_stack_limit;\n")

    # The prelude (macros, loads and stores), the declarations, the data and tables, the functions, the end.
    declarations = source.index("\nstatic void w2c_f60(") + 1
    globals_at = source.index("\nstatic void init_globals(") + 1
    code_at = source.index("\nstatic void w2c_f60(", globals_at) + 1
    exports_at = source.index("\n/* export: 'memory' */") + 1
    prelude_end = source.index("static bool s_module_initialized")
    prelude = source[:prelude_end]
    state = source[prelude_end:declarations]
    data = source[globals_at:code_at]
    functions = source[code_at:exports_at]
    end = source[exports_at:]

    first = prelude.index("#if WASM_RT_USE_STACK_DEPTH_COUNT")
    last = prelude.index("#define UNREACHABLE")
    prelude = prelude[:first] + STACK_CHECK + prelude[last:]
    # Loads and stores: -Og would call each of them.
    prelude, changed = re.subn(r"static inline (\w+ name\(wasm_rt_memory_t\*)",
                               r"static inline __attribute__((always_inline)) \1", prelude)
    if changed != 4:
        fail(f"expected four kinds of loads and stores, found {changed}")
    declared = re.sub(r"^static ", "extern ", source[declarations:globals_at], flags=re.M)
    shared = (SHARED_HEAD + prelude + "\n#pragma GCC visibility push(hidden)\nextern u32 func_types[80];\n" +
              declared + "#pragma GCC visibility pop\n#endif\n")
    if "static u32 func_types[80];" not in state:
        fail("another number of function types")
    write(out / "swc.h", header)
    write(out / "swc_shared.h", shared)
    include = '#include "swc_shared.h"\n'
    write(out / "swc_data.c", include + TRAPS + state.replace("static u32 func_types[80];", "u32 func_types[80];") +
          data + end)

    pieces = re.split(r"(?m)^(?=static \w+ w2c_\w+\()", functions)
    if len(pieces) < 4000 or pieces[0].strip():
        fail("the functions do not look as expected")
    size = sum(map(len, pieces)) / parts
    texts, filled = [[] for _ in range(parts)], 0
    for piece in pieces[1:]:
        texts[min(int(filled / size), parts - 1)].append(piece.removeprefix("static "))
        filled += len(piece)
    for number, part in enumerate(texts):
        write(out / f"swc_{number}.c", include + "".join(part))


main()
