"""Which packages are known to need libraries that no wheel brings along, and where do they say so?

Kept to packages whose import ends in an error without the library. Sources: each project's own installation page and
the code that opens the library, named beside it. The Debian packages that bring a library stand with LIB011.
"""

from __future__ import annotations

import msgspec

# Extension modules, by patterns below site-packages: what they need stands in the files themselves.
EXTENSIONS = (
    *("cv2/cv2*.so", "cv2/python-*/cv2*.so"),  # opencv-python: libGL, libglib; opencv-python-headless needs neither
    "pyodbc*.so",  # github.com/mkleehammer/pyodbc/wiki/Install: unixODBC, in wheels of old and builds from source
    *("psycopg2/_psycopg*.so", "psycopg_c/_psycopg*.so"),  # psycopg.org/docs/install.html: libpq, unless "binary"
    "MySQLdb/_mysql*.so",  # mysqlclient: libmysqlclient or libmariadb
    "pymssql/_mssql*.so",  # FreeTDS, in builds from source
    "pycurl*.so",  # libcurl, in builds from source
    *("pyaudio/_portaudio*.so", "_portaudio*.so"),  # people.csail.mit.edu/hubert/pyaudio: PortAudio
    "_ldap*.so",  # python-ldap.org/installing.html: libldap
    "pygraphviz/_graphviz*.so",  # pygraphviz.github.io: Graphviz
    *("cairo/_cairo*.so", "gi/_gi*.so"),  # pycairo, PyGObject
    *("_dbus_bindings*.so", "xmlsec*.so", "osgeo/_gdal*.so"),  # dbus-python, xmlsec, GDAL
    *("PyQt5/QtGui*.so", "PyQt6/QtGui*.so", "PySide2/QtGui*.so", "PySide6/QtGui*.so"),  # libGL, libEGL
    "vtkmodules/vtkRenderingOpenGL2*.so",  # libGL, libXrender
    "open3d/cpu/pybind*.so",  # libGL, libX11
)
# Libraries that a package opens by path as it is imported; they are no modules themselves.
PLAIN = ("lightgbm/lib/lib_lightgbm.so", "lightgbm/lib_lightgbm.so")  # lightgbm.readthedocs.io: libgomp


class Opened(msgspec.Struct, frozen=True):
    """A library that a package opens by its name as it is imported.

    Attributes:
        package: the package as it is installed.
        marker: a file of it below site-packages.
        sonames: what it needs: every one of these.
        bundled: what lies below site-packages where a wheel brings the library along.
    """

    package: str
    marker: str
    sonames: tuple[str, ...]
    bundled: tuple[str, ...] = ()


OPENED = (
    Opened("python-magic", "magic/loader.py", ("libmagic.so.1",), ("magic/libmagic*",)),  # its README: Dependencies
    Opened("soundfile", "soundfile.py", ("libsndfile.so.1",), ("_soundfile_data/libsndfile*",)),  # soundfile.py
    Opened("sounddevice", "sounddevice.py", ("libportaudio.so.2",)),  # python-sounddevice.readthedocs.io
    Opened("pyzbar", "pyzbar/zbar_library.py", ("libzbar.so.0",)),  # its README: Installation
    Opened("cairocffi", "cairocffi/__init__.py", ("libcairo.so.2",)),  # doc.courtbouillon.org/cairocffi
    Opened("pyenchant", "enchant/_enchant.py", ("libenchant-2.so.2",)),  # pyenchant.github.io
    Opened(
        "weasyprint",  # doc.courtbouillon.org/weasyprint: First Steps
        "weasyprint/text/ffi.py",
        ("libgobject-2.0.so.0", "libpango-1.0.so.0", "libpangoft2-1.0.so.0"),
    ),
    Opened("psycopg", "psycopg/pq/pq_ctypes.py", ("libpq.so.5",), ("psycopg_binary", "psycopg_c")),  # its install page
)
