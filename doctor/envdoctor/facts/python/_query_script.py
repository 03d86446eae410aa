"""Run by the interpreter under examination, which may be any from Python 2.7 on: says what it is, as one JSON object.

`python -I -B -c SOURCE COOKIE` prints the object between two copies of the cookie, so that what a `.pth` file or a
`sitecustomize` prints does not matter. Heavy modules (json, re, platform, importlib.metadata) are avoided: this shall
cost a few milliseconds beyond the start of the interpreter. It writes nothing and imports nothing that is installed.
"""

import sys

sys.path[:] = [entry for entry in sys.path if entry]  # without -I the working directory comes first

import os
import site
import sysconfig

VENV = "pyvenv.cfg"


def quoted(text):
    """A JSON string in ASCII; what could not be decoded stays a lone surrogate."""
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8")
        except UnicodeDecodeError:
            text = text.decode("latin-1")
    pieces = []
    for char in text:
        code = ord(char)
        if code > 0xFFFF:
            code -= 0x10000
            pieces.append("\\u%04x\\u%04x" % (0xD800 + (code >> 10), 0xDC00 + (code & 0x3FF)))
        elif 32 <= code < 127 and char not in '"\\':
            pieces.append(str(char))
        else:
            pieces.append("\\u%04x" % code)
    return '"' + "".join(pieces) + '"'


def as_json(value):
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, (list, tuple)):
        return "[" + ",".join([as_json(item) for item in value]) + "]"
    if isinstance(value, dict):
        return "{" + ",".join([quoted(key) + ":" + as_json(value[key]) for key in value]) + "}"
    return quoted(value)


BASE_PREFIX = getattr(sys, "real_prefix", None) or getattr(sys, "base_prefix", sys.prefix)
BASE_EXEC_PREFIX = getattr(sys, "base_exec_prefix", BASE_PREFIX)


def scheme_path(name):
    """Where this interpreter installs, or has its standard library."""
    values = {
        "base": sys.prefix,
        "platbase": sys.exec_prefix,
        "installed_base": BASE_PREFIX,
        "installed_platbase": BASE_EXEC_PREFIX,
        "py_version_short": "%d.%d" % sys.version_info[:2],
        "py_version_nodot": "%d%d" % sys.version_info[:2],
        "platlibdir": getattr(sys, "platlibdir", "lib"),
        "implementation_lower": implementation(),
        "abi_thread": "t" if "t" in getattr(sys, "abiflags", "") else "",
    }
    if implementation() == "cpython":
        values["implementation_lower"] = "python"
    try:
        # the template alone: to have it filled would load the whole build configuration
        return os.path.normpath(sysconfig.get_path(name, expand=False).format(**values))
    except (AttributeError, KeyError):
        return sysconfig.get_path(name)


def install_path(name):
    """Where pip installs. An old Python of a distribution knows better than its own sysconfig."""
    known = [os.path.normpath(entry) for entry in sys.path]
    candidates = [scheme_path(name)] + getattr(site, "getsitepackages", list)()
    for candidate in candidates:
        if os.path.normpath(candidate) in known:
            return candidate
    return candidates[0]


def implementation():
    if hasattr(sys, "implementation"):
        return sys.implementation.name
    return "pypy" if "__pypy__" in sys.builtin_module_names else "cpython"


def sees_user_site():
    """Whether the user's packages are visible when nothing switches them off; -I has done so here."""
    if hasattr(os, "getuid") and (os.getuid() != os.geteuid() or os.getgid() != os.getegid()):
        return False
    if sys.prefix == BASE_PREFIX:
        return True
    visible = True
    for place in (sys.prefix, os.path.dirname(sys.executable or "")):
        try:
            with open(os.path.join(place, VENV), "rb") as config:
                for line in config.read(100000).splitlines():
                    key, _, value = line.partition(b"=")
                    if key.strip().lower() == b"include-system-site-packages":
                        visible = value.strip().lower() == b"true"
            return visible
        except (IOError, OSError):
            pass
    return False


def find_pip():
    """Where `python -m pip` would find pip, its version, and what is missing of it, without importing it."""
    for entry in sys.path:
        start = os.path.join(entry, "pip", "__init__.py")
        if os.path.isfile(start):
            try:
                with open(start, "rb") as source:
                    _, _, rest = (b"\n" + source.read(5000)).partition(b"\n__version__ = ")
                version = rest[1:].split(rest[:1])[0].decode("ascii", "replace") if rest else None
            except (IOError, OSError):
                version = None
            return {"location": entry, "version": version}, lacking(os.path.dirname(start), version)
    return None, None


def lacking(pip, version):
    """The first module of pip that it cannot start without and does not have: an upgrade may have been interrupted."""
    if version is None or version[1:2] == ".":  # before 10, pip was made of other modules
        return None
    for name in ("__main__", "_internal", "_vendor"):
        if not os.path.isfile(os.path.join(pip, name + ".py")) and not os.path.isfile(
            os.path.join(pip, name, "__init__.py")
        ):
            return "pip." + name
    return None


def bundles_pip(stdlib):
    """Whether `python -m ensurepip` would bring a pip: distributions split it off, or keep it to environments."""
    directory = os.path.join(stdlib, "ensurepip")
    try:
        with open(os.path.join(directory, "__init__.py"), "rb") as source:
            if sys.prefix == BASE_PREFIX and b"ensurepip is disabled in Debian" in source.read(5000):
                return False
        wheels = os.path.join(directory, "_bundled")
        # without that directory the wheels are a package of the distribution, which ensurepip depends on
        return not os.path.isdir(wheels) or any(name.startswith("pip-") for name in os.listdir(wheels))
    except (IOError, OSError):
        return False


def libc():
    try:
        return os.confstr("CS_GNU_LIBC_VERSION")
    except (AttributeError, OSError, ValueError):
        return None


def suffix():
    """The ending that extension modules carry: `.cpython-311-x86_64-linux-gnu.so`."""
    try:
        import _imp

        return _imp.extension_suffixes()[0]
    except (ImportError, IndexError):
        return None


def compiled_in():
    """The modules that are inside of the interpreter: built in, or frozen."""
    names = list(sys.builtin_module_names)
    try:
        import _imp

        frozen = getattr(_imp, "_frozen_module_names", lambda: ["zipimport"])()
        names += [name for name in frozen if name not in names and "." not in name and _imp.is_frozen(name)]
    except ImportError:
        pass
    return names


def describe():
    stdlib = scheme_path("stdlib")
    if not os.path.isdir(stdlib):
        stdlib = os.path.dirname(os.__file__)
    marker = os.path.join(stdlib, "EXTERNALLY-MANAGED")
    pip, pip_lacks = find_pip()
    return {
        "version": sys.version_info[:3],
        "level": sys.version_info[3],
        "build": sys.version,
        "implementation": implementation(),
        "executable": sys.executable or "",
        "prefix": sys.prefix,
        "base_prefix": BASE_PREFIX,
        "exec_prefix": sys.exec_prefix,
        "stdlib": stdlib,
        "purelib": install_path("purelib"),
        "platlib": install_path("platlib"),
        "sys_path": sys.path,
        "sees_user_site": sees_user_site(),
        "user_base": site.getuserbase(),
        "user_site": site.getusersitepackages(),
        "externally_managed": marker if os.path.isfile(marker) else None,
        "platform": sys.platform,
        "machine": os.uname()[4] if hasattr(os, "uname") else None,
        "multiarch": getattr(getattr(sys, "implementation", None), "_multiarch", None),
        "libc": libc(),
        "extension_suffix": suffix(),
        "free_threaded": "t" in getattr(sys, "abiflags", ""),
        "pointer_bits": 64 if sys.maxsize > 2**32 else 32,
        "pip": None if pip_lacks else pip,
        "pip_lacks": pip_lacks,
        "bundles_pip": bundles_pip(stdlib),
        "compiled_in": compiled_in(),
    }


def main():
    cookie = sys.argv[1].encode("ascii")
    answer = cookie + as_json(describe()).encode("ascii") + cookie
    for stream in (sys.__stdout__, sys.__stderr__):
        try:
            stream.flush()  # what has been printed at the start is told from the answer by coming before it
        except Exception:  # closed, or gone
            pass
    # not through sys.stdout, which a sitecustomize may have replaced
    while answer:
        answer = answer[os.write(1, answer) :]
    os._exit(0)


main()
