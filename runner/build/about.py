import json, multiprocessing, os, platform, sys, sysconfig

gil = ""
if hasattr(sys, "_is_gil_enabled"):
    gil = "with the GIL" if sys._is_gil_enabled() else "without the GIL"
elif platform.python_implementation() == "CPython":
    gil = "with the GIL"
free = "t" if sysconfig.get_config_var("Py_GIL_DISABLED") else ""
files = [sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")]
if sysconfig.get_config_var("Py_ENABLE_SHARED"):
    files.append(os.path.join(sysconfig.get_config_var("LIBDIR") or "", sysconfig.get_config_var("INSTSONAME") or ""))
print(json.dumps({
    "command": os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable),
    "name": platform.python_implementation(),
    "release": list(sys.version_info[:3]),
    "version": sys.version,
    "gil": gil,
    "start": multiprocessing.get_start_method(),
    "packages": "lib/python%d.%d%s/site-packages" % (*sys.version_info[:2], free),
    "files": [f for f in dict.fromkeys(files) if f and os.path.isabs(f) and os.path.exists(f)],
}))
