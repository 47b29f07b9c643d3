"""The NumPy side of tests/input/numpy.c.

make DIR   write .npy files of every form to DIR, each with the bytes that its values take in
           native order beside it (NAME.raw), and DIR/index: a line for each, NAME TYPE FORTRAN
           DIMENSIONS SIZES..., or `NAME refused` for those that must not be read.
check DIR  compare DIR/NAME.npy with DIR/NAME.out, which the test wrote from what it had read,
           for the names that contain "little-1-".

Exits with 77 where there is no NumPy.
"""
# SPDX-License-Identifier: MIT

import os
import sys

try:
    import numpy as np
except ImportError:
    print("SKIP: no NumPy")
    sys.exit(77)

TYPES = {"i4": "i32", "i8": "i64", "u4": "u32", "u8": "u64", "f4": "f32", "f8": "f64"}
SHAPES = [(), (0,), (1,), (7,), (1000,), (3, 5), (0, 5), (2, 3, 4), (4, 1, 3, 2), (1,) * 31 + (2,)]
REFUSED = {
    "objects": np.array([1, "x"], dtype=object),
    "structured": np.zeros(3, dtype=[("x", "f8"), ("y", "f8")]),
    "umlaut": np.zeros(3, dtype=[("\u00e4", "f8")]),
    "complex": np.zeros(3, dtype="c16"),
    "bool": np.zeros(3, dtype="?"),
    "half": np.zeros(3, dtype="f2"),
    "short": np.zeros(3, dtype="i2"),
    "bytes": np.zeros(3, dtype="u1"),
    "text": np.array(["one", "two"]),
    "dates": np.zeros(3, dtype="M8[s]"),
}


def random_array(random, descr, shape):
    """Random bits, so that floats are also subnormal, infinite and NaN."""
    size = int(np.prod(shape, dtype=int))
    return np.frombuffer(random.bytes(size * np.dtype(descr).itemsize), dtype=descr).reshape(shape)


class Folder:
    def __init__(self, path):
        self.path = path
        self.index = open(os.path.join(path, "index"), "w", encoding="ascii")

    def file(self, name):
        return os.path.join(self.path, name)

    def add(self, name, array):
        """Note a file that was written from `array`, and the bytes its values should take."""
        fortran = array.flags.f_contiguous and not array.flags.c_contiguous
        native = array.astype(array.dtype.newbyteorder("="), order="K")
        with open(self.file(name + ".raw"), "wb") as raw:
            raw.write(native.tobytes(order="F" if fortran else "C"))
        self.index.write(" ".join(map(str, (name, TYPES[native.dtype.str[1:]], int(fortran),
                                            array.ndim, *array.shape))) + "\n")

    def save(self, name, array, version):
        with open(self.file(name + ".npy"), "wb") as out:
            np.lib.format.write_array(out, array, version=version)
        self.add(name, array)

    def save_raw(self, name, header, array):
        """A file with a header that NumPy would not write, but reads."""
        with open(self.file(name + ".npy"), "wb") as out:
            out.write(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header)
            out.write(array.tobytes(order="A"))
        assert np.load(self.file(name + ".npy")).tobytes() == array.tobytes()
        self.add(name, array)


def make(path):
    random = np.random.default_rng(20240607)
    folder = Folder(path)
    for descr in TYPES:
        for order in "<>":
            for version in ((1, 0), (2, 0), (3, 0)):
                for number, shape in enumerate(SHAPES):
                    array = random_array(random, order + descr, shape)
                    name = f"{descr}-{'little' if order == '<' else 'big'}-{version[0]}-{number}"
                    folder.save(name + "-c", array, version)
                    folder.save(name + "-f", np.asfortranarray(array), version)
        for order in "<>":
            array = random_array(random, order + descr, (7,))
            form = f"{{'descr': '{order}{descr}', 'fortran_order': False, 'shape': (7,), }}"
            name = f"{descr}-{'little' if order == '<' else 'big'}"
            for padding in range(16):
                folder.save_raw(f"{name}-padding-{padding}", form.encode() + b" " * padding + b"\n",
                                array)
            folder.save_raw(f"{name}-loose", f"{{\n\"shape\" : ( 7 , ) , \"fortran_order\" :\tFalse,"
                            f"\"descr\":\"{order}{descr}\" }} \n \n".encode(), array)
    for name, array in REFUSED.items():
        with open(folder.file(name + ".npy"), "wb") as out:
            np.lib.format.write_array(out, array, version=(3, 0) if name == "umlaut" else None)
        folder.index.write(f"{name} refused\n")
    folder.index.close()


def check_one(path, name):
    want = np.load(os.path.join(path, name + ".npy"))
    with open(os.path.join(path, name + ".out"), "rb") as out:
        assert np.lib.format.read_magic(out) == (1, 0)
        np.lib.format.read_array_header_1_0(out)
        assert out.tell() % 64 == 0
    got = np.load(os.path.join(path, name + ".out"))
    assert got.dtype == want.dtype.newbyteorder("="), got.dtype
    assert got.shape == want.shape, got.shape
    assert got.flags.f_contiguous == want.flags.f_contiguous
    assert got.tobytes() == want.astype(got.dtype).tobytes()


def check(path):
    with open(os.path.join(path, "index"), encoding="ascii") as index:
        names = [line.split()[0] for line in index if "little-1-" in line]
    for name in names:
        try:
            check_one(path, name)
        except Exception as error:
            sys.exit(f"{name}: {error!r}")
    print(f"NumPy reads all {len(names)} files")


{"make": make, "check": check}[sys.argv[1]](sys.argv[2])
