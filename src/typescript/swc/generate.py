#!/usr/bin/env python3
"""Turns amaro's WebAssembly (swc's TypeScript parser) into C files that are linked into rt.

    generate.py <amaro's internal.js> <wasm2c> <list of hot functions> <output folder> <hot parts> <cold parts>

wasm2c writes one file of a million lines; here it is cut into parts of about the same size, so that two
compilers share it and each stays small: swc_hot_N.c has the functions of the list (where the time goes,
an eighth of the code), swc_cold_N.c all others, to be compiled for size and soon. The output depends on
nothing but the input: the compiler cache must hit on the next clean build. Files that did not change are
not touched.

Loads and stores are not checked: an address is 32 bits wide and an offset at most MAX_OFFSET, and
wasm_runtime.cc reserves that much for each memory. What the check would catch in a correct program, a
stack that grows down past address 0, is caught where the stack pointer moves.
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

/* The stack in linear memory begins at 1 MiB and grows down; below 0 it would wrap. */
#define RT_SET_STACK(x) \\
  do { \\
    if (UNLIKELY((s32)(x) < 0)) TRAP(EXHAUSTION); \\
    instance->w2c_g0 = (x); \\
  } while (0)

#undef TRAP
#define TRAP(x) (rt_swc_trap_##x(), 0)
#define RT_SWC_TRAP(x) \
  WASM_RT_NO_RETURN __attribute__((cold, noinline, visibility("hidden"))) void rt_swc_trap_##x(void);
RT_SWC_TRAP(OOB) RT_SWC_TRAP(INT_OVERFLOW) RT_SWC_TRAP(DIV_BY_ZERO) RT_SWC_TRAP(INVALID_CONVERSION)
RT_SWC_TRAP(UNREACHABLE) RT_SWC_TRAP(CALL_INDIRECT) RT_SWC_TRAP(EXHAUSTION)

"""
INCLUDE = '#include "swc_shared.h"\n'
# The highest offset of a load or store: kMaxOffset of wasm_runtime.cc.
MAX_OFFSET = 16 << 20
# The traps' definitions: out of line, so that a check costs a compare and a jump.
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


def name_of(piece):
    return re.match(r"static \w+ w2c_(\w+)\(", piece).group(1)


def write_parts(out, kind, pieces, count):
    size = sum(map(len, pieces)) / count
    texts, filled = [[] for _ in range(count)], 0
    for piece in pieces:
        texts[min(int(filled / size), count - 1)].append(piece.removeprefix("static "))
        filled += len(piece)
    for number, part in enumerate(texts):
        write(out / f"swc_{kind}_{number}.c", INCLUDE + "".join(part))


def main():
    script, wasm2c, hot_list, out = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]), pathlib.Path(sys.argv[4])
    hot_parts, cold_parts = int(sys.argv[5]), int(sys.argv[6])
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
    prelude = replace_once(prelude, "#define MEMCHECK(mem, a, t) RANGE_CHECK(mem, a, sizeof(t))",
                           "#define MEMCHECK(mem, a, t)")
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
    write(out / "swc_data.c", INCLUDE + TRAPS + state.replace("static u32 func_types[80];", "u32 func_types[80];") +
          data + end)

    functions, changed = re.subn(r"\binstance->w2c_g0 = (\w+);", r"RT_SET_STACK(\1);", functions)
    if changed < 4000 or re.search(r"w2c_g0 =", functions):
        fail("the stack pointer does not move as expected")
    accesses = len(re.findall(r"_(?:load|store)\w*\(&instance->w2c_memory, ", functions))
    plain = re.findall(r"_(?:load|store)\w*\(&instance->w2c_memory, \(u64\)\(\w+\)(?: \+ (\d+)u?)?[,)]", functions)
    if len(plain) != accesses or max(int(offset or 0) for offset in plain) > MAX_OFFSET:
        fail(f"a load or store is not a 32-bit address and an offset of at most {MAX_OFFSET}")

    pieces = re.split(r"(?m)^(?=static \w+ w2c_\w+\()", functions)
    if len(pieces) < 4000 or pieces[0].strip():
        fail("the functions do not look as expected")
    hot = set(hot_list.read_text().split("\n\n", 1)[1].split())
    hot_pieces = [piece for piece in pieces[1:] if name_of(piece) in hot]
    if len(hot_pieces) != len(hot):
        fail("the list of hot functions names some that do not exist")
    cold_pieces = [piece for piece in pieces[1:] if name_of(piece) not in hot]
    write_parts(out, "hot", hot_pieces, hot_parts)
    write_parts(out, "cold", cold_pieces, cold_parts)


main()
