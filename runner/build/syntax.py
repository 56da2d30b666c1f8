import json, sys

name = sys.argv[1]
source = sys.stdin.buffer.read()
found = None
try:
    compile(source, name, "exec", dont_inherit=True)
except SyntaxError as e:
    lines, line, column = source.decode(errors="replace").split("\n"), e.lineno or 0, 0
    if 1 <= line <= len(lines) and e.offset:
        column = len(lines[line - 1][: e.offset - 1].encode()) + 1
    found = {"line": line, "column": column, "message": type(e).__name__ + ": " + e.msg}
except (MemoryError, RecursionError, ValueError, OverflowError) as e:
    found = {"line": 0, "column": 0, "message": type(e).__name__ + (": " + str(e) if str(e) else "")}
print(json.dumps(found))
