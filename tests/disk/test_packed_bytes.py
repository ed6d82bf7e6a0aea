import threading
import zlib

import pytest

from lod.disk.packed_bytes import DamagedBytesError, pack, unpack, unpacked_length

DATA = b'<https://example.org/id/item/1/2> <http://purl.org/dc/terms/title> "A study" .\n' * 50


@pytest.mark.parametrize("data", [b"", b"x", DATA], ids=["empty", "a byte", "claims"])
@pytest.mark.parametrize("packed_by", [pack, zlib.compress], ids=["now", "by an earlier version"])
def test_what_was_packed_is_unpacked_and_its_length_is_known(data, packed_by):
    packed = packed_by(data)
    assert (unpack(packed), unpacked_length(packed)) == (data, len(data))


@pytest.mark.parametrize("packed", [pack(DATA), zlib.compress(DATA)], ids=["now", "by an earlier version"])
def test_a_changed_byte_is_noticed_wherever_it_is(packed):
    for position in range(len(packed)):
        damaged = bytearray(packed)
        damaged[position] ^= 0x40
        # Some bits of a head say nothing of the content.
        assert unpacked_or_message(bytes(damaged)) in {DATA, "packed bytes are damaged"}


def unpacked_or_message(packed):
    try:
        return unpack(packed)
    except DamagedBytesError as fault:
        return str(fault).partition(" (")[0]


def test_threads_pack_at_the_same_time():
    faults = []

    def work():
        for _ in range(200):
            if unpack(pack(DATA)) != DATA:
                faults.append("other bytes")

    threads = [threading.Thread(target=work, daemon=True) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not faults
    assert not any(thread.is_alive() for thread in threads)
