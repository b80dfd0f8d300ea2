#!/usr/bin/python3
"""An independent reader of Holdfast repositories, written from docs/format.md alone.

    holdfast_reader.py DATA --recovery-key FILE                      lists the snapshots
    holdfast_reader.py DATA --recovery-key FILE SNAPSHOT TARGET      restores one into an empty folder

DATA is a server's data folder, FILE holds the text of the recovery key ("-": standard input), SNAPSHOT is the
beginning of a snapshot's name or "latest". Every checksum, tag, id and hash is verified on the way. Needs Python 3.9,
the cryptography package and the zstd program.
"""
import argparse
import base64
import datetime
import hashlib
import hmac
import os
import re
import stat
import struct
import subprocess
import sys
import zlib

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

CHUNK, TREE, SNAPSHOT, EXTENTS = 1, 2, 3, 5
FILE, DIRECTORY, SYMLINK, FIFO, CHARACTER_DEVICE, BLOCK_DEVICE = 1, 2, 3, 4, 6, 7


class Damage(Exception):
    """Bytes that are not what the format says."""


def need(condition, what):
    if not condition:
        raise Damage(what)


def _crc32c_tables():
    first = []
    for n in range(256):
        for _ in range(8):
            n = n >> 1 ^ (0x82F63B78 if n & 1 else 0)
        first.append(n)
    tables = [first]
    for _ in range(7):
        tables.append([first[n & 255] ^ n >> 8 for n in tables[-1]])
    return tables


CRC32C = _crc32c_tables()


def crc32c(data):
    """Slicing by eight: plain Python has no CRC-32C."""
    crc = 0xFFFFFFFF
    t0, t1, t2, t3, t4, t5, t6, t7 = CRC32C
    whole = len(data) & ~7
    for low, high in struct.iter_unpack("<II", data[:whole]):
        low ^= crc
        crc = (t7[low & 255] ^ t6[low >> 8 & 255] ^ t5[low >> 16 & 255] ^ t4[low >> 24]
               ^ t3[high & 255] ^ t2[high >> 8 & 255] ^ t1[high >> 16 & 255] ^ t0[high >> 24])
    for byte in data[whole:]:
        crc = crc >> 8 ^ t0[(crc ^ byte) & 255]
    return crc ^ 0xFFFFFFFF


def extract(salt, secret):
    return hmac.digest(salt or bytes(32), secret, "sha256")


def expand(key, info, length):
    out, block = b"", b""
    for i in range(1, -(-length // 32) + 1):
        block = hmac.digest(key, block + info + bytes([i]), "sha256")
        out += block
    return out[:length]


def parse_recovery_key(text):
    """14 groups of five symbols; the fifth checks its group, the last 3 of 35 bytes check the whole."""
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    plain = re.sub(r"\d{1,2}:", " ", text).upper().translate(str.maketrans("OIL", "011", " \t\r\n-_."))
    need(len(plain) == 70 and not set(plain) - set(alphabet), "the recovery key has 14 groups of 5 characters")
    bits = 0
    for group in range(1, 15):
        symbols = [alphabet.index(c) for c in plain[5 * group - 5:5 * group]]
        check = 0
        for symbol in symbols[:4]:
            check = (check ^ symbol) << 1
            check ^= 0b100101 if check > 31 else 0
            bits = bits << 5 | symbol
        need(check ^ group == symbols[4], f"group {group} of the recovery key is mistyped")
    whole = bits.to_bytes(35, "big")
    need(hashlib.sha256(whole[:32]).digest()[:3] == whole[32:], "the recovery key has several mistyped groups")
    return whole[:32]


def hpke_open(secret, public, wrapped, info):
    """RFC 9180 base mode, X25519, HKDF-SHA256, AES-256-GCM, sequence number 0."""
    kem, suite = b"KEM\x00\x20", b"HPKE\x00\x20\x00\x01\x00\x02"

    def labeled_extract(name, salt, label, ikm):
        return extract(salt, b"HPKE-v1" + name + label + ikm)

    def labeled_expand(name, key, label, context, length):
        return expand(key, struct.pack(">H", length) + b"HPKE-v1" + name + label + context, length)

    enc = wrapped[:32]
    dh = X25519PrivateKey.from_private_bytes(secret).exchange(X25519PublicKey.from_public_bytes(enc))
    shared = labeled_expand(kem, labeled_extract(kem, b"", b"eae_prk", dh), b"shared_secret", enc + public, 32)
    context = (b"\x00" + labeled_extract(suite, b"", b"psk_id_hash", b"")
               + labeled_extract(suite, b"", b"info_hash", info))
    prk = labeled_extract(suite, shared, b"secret", b"")
    key = labeled_expand(suite, prk, b"key", context, 32)
    nonce = labeled_expand(suite, prk, b"base_nonce", context, 12)
    return AESGCM(key).decrypt(nonce, wrapped[32:], b"")


class RealmKey:
    def __init__(self, encoded):
        body = encoded[:-32]
        need(hashlib.sha256(body).digest() == encoded[-32:] and body[:5] == b"HFRK\x01", "the realm key is damaged")
        n = body[5]
        self.name = body[6:6 + n].decode("ascii")
        self.id = body[6 + n:22 + n]
        root = body[22 + n:54 + n]
        count, = struct.unpack_from(">H", body, 54 + n)
        need(len(body) == 56 + n + 36 * count, "the realm key has another length")
        self.epochs = dict(struct.unpack_from(">I32s", body, 56 + n + 36 * i) for i in range(count))
        self.object_id_key = expand(extract(self.id, root), b"holdfast object id v1", 32)

    def open_slot(self, slot_id, payload):
        need(len(payload) == 64, "a key slot has 64 bytes")
        epoch = payload[:4]
        key = self.epochs.get(struct.unpack(">I", epoch)[0])
        need(key, f"this realm key is older than key slot {slot_id.hex()[:8]}")
        aad = b"holdfast slot v1" + self.id + slot_id + epoch
        return AESGCM(AESGCM(key).decrypt(payload[4:16], payload[16:], aad))


def unwrap_keyring(text, secret):
    body, _, last = text[:-1].rpartition(b"\n")
    body += b"\n"
    need(last == b"sha256 " + hashlib.sha256(body).hexdigest().encode(), "the keyring is damaged")
    lines = [line.split(" ") for line in body.decode("ascii").splitlines() if not line.startswith("#")]
    need(lines[0] == ["holdfast-keyring-v1"], "the keyring has an unknown form")
    realm, realm_id, epoch = lines[1][1], bytes.fromhex(lines[2][1]), int(lines[3][1])
    public = X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes(
        serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    for kind, _, recipient, wrapped in lines[4:]:
        if kind == "recovery" and base64.b64decode(recipient) == public:
            key = RealmKey(hpke_open(secret, public, base64.b64decode(wrapped), b"holdfast realm v1" + realm_id))
            need((key.name, key.id, max(key.epochs)) == (realm, realm_id, epoch), "the keyring holds another key")
            return key
    raise Damage(f"the keyring of realm {realm} was made for another recovery key")


class SealedObject:
    """Shape and checksums are verified; the payload is still sealed."""

    def __init__(self, data):
        start, self.kind, self.flags, zero, count, size = struct.unpack_from(">5sBBBII", data)
        need(start == b"HFOB\x01" and self.flags <= 1 and zero == 0, "no object of a known version")
        end = 88 + 32 * count + size
        need(len(data) == end + 8, "an object announces another length")
        need(data[end:] == struct.pack(">II", crc32c(data[:end]), zlib.crc32(data[:end])), "an object checksum is wrong")
        self.id, self.slot, self.counter = data[16:48], data[48:80], data[80:88]
        self.header = data[:88 + 32 * count]
        self.references = [self.header[88 + 32 * i:120 + 32 * i] for i in range(count)]
        self.payload = data[len(self.header):end]


class Store:
    """The packs of one realm: where each object lies, and its content once it was proved."""

    def __init__(self, folder, key):
        self.key, self.places, self.slots, self.cache = key, {}, {}, {}
        packs = os.path.join(folder, "packs")
        for name in sorted(os.listdir(packs)):
            for pack in sorted(os.listdir(os.path.join(packs, name))):
                if pack.endswith((".pack", ".open", ".damaged")):
                    self.index(os.path.join(packs, name, pack))

    def index(self, path):
        with open(path, "rb") as pack:
            entries = self.footer(pack) if path.endswith(".pack") else None
            if entries is None:
                entries = self.beginnings(pack)
            for object_id, offset, length in entries:
                self.places.setdefault(object_id, []).append((path, offset, length))

    @staticmethod
    def footer(pack):
        size = pack.seek(0, os.SEEK_END)
        pack.seek(max(0, size - 60))
        trailer = pack.read(60)
        if trailer[52:] != b"HFPKEND\n" or struct.pack(">I", crc32c(trailer[:48])) != trailer[48:52]:
            return None
        offset, length, features = struct.unpack_from(">QII", trailer)
        need(features == 0, "a pack needs features that this reader lacks")
        pack.seek(offset)
        footer = pack.read(length)
        if footer[:4] != b"HFTB" or struct.pack(">I", crc32c(footer[:-4])) != footer[-4:]:
            return None
        header, count = struct.unpack_from(">II", footer, 4)
        return [struct.unpack_from(">32sII", footer, 12 + header + 44 * i) for i in range(count)]

    @staticmethod
    def beginnings(pack):
        """Wherever an object may begin, also behind damage; reading it tells whether one does."""
        pack.seek(0)
        data = pack.read()
        for at in (match.start() for match in re.finditer(b"HFOB\x01", data)):
            if at + 96 <= len(data):
                count, size = struct.unpack_from(">II", data, at + 8)
                if at + 96 + 32 * count + size <= len(data):
                    yield data[at + 16:at + 48], at, 96 + 32 * count + size

    def read(self, object_id):
        """The sealed object; another copy is tried when one is damaged."""
        problem = Damage(f"object {object_id.hex()} is in no pack")
        for path, offset, length in self.places.get(object_id, []):
            try:
                with open(path, "rb") as pack:
                    pack.seek(offset)
                    found = SealedObject(pack.read(length))
                need(found.id == object_id, "another object lies in its place")
                return found
            except (Damage, struct.error) as e:
                problem = Damage(f"object {object_id.hex()[:8]} at byte {offset} of {path}: {e}")
        raise problem

    def open(self, object_id, kind):
        """References and plaintext, with tag and id verified."""
        if object_id in self.cache:
            return self.cache[object_id]
        sealed = self.read(object_id)
        need(sealed.kind == kind, f"object {object_id.hex()[:8]} is of kind {sealed.kind}, not {kind}")
        if sealed.slot not in self.slots:
            self.slots[sealed.slot] = self.key.open_slot(sealed.slot, self.read(sealed.slot).payload)
        try:
            padded = self.slots[sealed.slot].decrypt(
                bytes(4) + sealed.counter, sealed.payload, self.key.id + sealed.header)
        except InvalidTag:
            raise Damage(f"object {object_id.hex()[:8]} does not open") from None
        raw, size = struct.unpack_from(">II", padded)
        need(raw <= 16 << 20 and size <= len(padded) - 8, "an object announces impossible lengths")
        plain = unzstd(padded[8:8 + size]) if sealed.flags & 1 else padded[8:8 + size]
        need(len(plain) == raw, "an object unpacks to another length")
        name = hmac.new(self.key.object_id_key, struct.pack(">BI", kind, len(sealed.references)), "sha256")
        name.update(sealed.header[88:])
        name.update(plain)
        need(name.digest() == object_id, f"object {object_id.hex()[:8]} holds other content")
        self.cache = dict([*self.cache.items()][-31:] + [(object_id, (sealed.references, plain))])
        return sealed.references, plain


def unzstd(frame):
    run = subprocess.run(["zstd", "-d", "-c", "-q", "-M64MB"], input=frame, capture_output=True, check=False)
    need(run.returncode == 0, f"zstd: {run.stderr.decode(errors='replace').strip()}")
    return run.stdout


class Cursor:
    def __init__(self, data):
        self.data, self.at = data, 0

    def raw(self, length):
        need(length <= len(self.data) - self.at, "the data is cut short")
        self.at += length
        return self.data[self.at - length:self.at]

    def u8(self):
        return self.raw(1)[0]

    def varint(self):
        value = shift = 0
        while True:
            byte = self.u8()
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def signed(self):
        value = self.varint()
        return value >> 1 ^ -(value & 1)

    def bytes(self):
        return self.raw(self.varint())


def read_log(path):
    """The records of one host, with the chain verified."""
    with open(path, "rb") as log:
        data = log.read()
    need(data[:12] == b"HFSLOG1\n" + bytes(4) and struct.pack(">I", crc32c(data[:12])) == data[12:16], "no snapshot log")
    at, previous, records = 16, bytes(32), []
    while at + 8 <= len(data):
        length, = struct.unpack_from(">I", data, at)
        frame = data[at:at + 8 + length]
        if len(frame) < 8 + length or struct.pack(">I", crc32c(frame[:-4])) != frame[-4:]:
            break  # a torn end: nobody was told of it
        record = frame[4:-4]
        need(record[:5] == b"HFSR\x01" and record[16:48] == previous, f"{path}: the chain is broken at byte {at}")
        received, = struct.unpack_from(">q", record, 48)
        host_length, = struct.unpack_from(">H", record, 152)
        previous = hashlib.sha256(record).digest()
        records.append({
            "name": previous.hex(), "received": received, "outcome": {1: "complete", 2: "partial"}[record[5]],
            "snapshot": record[72:104], "files": struct.unpack_from(">Q", record, 128)[0],
            "bytes": struct.unpack_from(">Q", record, 136)[0],
            "host": record[156:156 + host_length].decode(), "volume": record[156 + host_length:].decode()})
        at += 8 + length
    return records


def read_extents(cursor, references, lengths):
    """(chunk, offset, length) or (None, 0, length) for a hole."""
    for _ in range(cursor.varint()):
        tag = cursor.varint()
        if tag == 0:
            yield None, 0, cursor.varint()
        else:
            offset, length = cursor.varint(), cursor.varint()
            need(offset + length <= lengths[tag - 1], "an extent goes beyond its chunk")
            yield references[tag - 1], offset, length


def references_with_lengths(cursor, references):
    need(cursor.u8() == 1 and cursor.varint() == len(references), "no tree block or extent list of a known version")
    return [cursor.varint() for _ in references]


def read_block(store, block_id):
    references, plain = store.open(block_id, TREE)
    cursor = Cursor(plain)
    lengths = references_with_lengths(cursor, references)
    path, owner = b"", (0, 0)
    for _ in range(cursor.varint()):
        shared = cursor.varint()
        path = path[:shared] + cursor.bytes()
        flags, kind, mode = cursor.u8(), cursor.u8(), cursor.varint()
        if not flags & 1:
            owner = cursor.varint(), cursor.varint()
            cursor.bytes(), cursor.bytes()
        entry = {"path": path, "type": kind, "mode": mode, "owner": owner, "size": 0, "xattrs": []}
        entry["mtime"] = cursor.signed() * 10 ** 9 + cursor.varint()
        cursor.signed(), cursor.varint()
        inode, device = cursor.varint(), cursor.varint()
        entry["link"] = (device, inode) if cursor.varint() > 1 and kind != DIRECTORY else None
        if kind == FILE:
            entry["size"] = cursor.varint()
            cursor.raw(16 if flags & 4 else 0)
            if flags & 16:
                entry["lists"] = [(references[cursor.varint()], cursor.varint()) for _ in range(cursor.varint())]
            else:
                entry["extents"] = list(read_extents(cursor, references, lengths))
        elif kind == SYMLINK:
            entry["target"] = cursor.bytes()
        elif kind in (CHARACTER_DEVICE, BLOCK_DEVICE):
            entry["rdev"] = cursor.varint()
        if flags & 2:
            entry["xattrs"] = [(cursor.bytes(), cursor.bytes()) for _ in range(cursor.varint())]
        yield entry
    need(cursor.at == len(plain), "a tree block goes on after its end")


def extents_of(store, entry):
    if "extents" in entry:
        yield from entry["extents"]
    for list_id, covered in entry.get("lists", []):
        references, plain = store.open(list_id, EXTENTS)
        cursor = Cursor(plain)
        for extent in read_extents(cursor, references, references_with_lengths(cursor, references)):
            covered -= extent[2]
            yield extent
        need(covered == 0, "an extent list covers another length")


def write_file(store, entry, path):
    with open(path, "xb") as out:
        position = 0
        for chunk, offset, length in extents_of(store, entry):
            if chunk is not None:
                out.seek(position)
                out.write(store.open(chunk, CHUNK)[1][offset:offset + length])
            position += length
        need(position == entry["size"], f"{path!r} has another size")
        out.truncate(position)


def set_metadata(entry, path, losses):
    steps = []
    if os.geteuid() == 0:
        steps.append(lambda: os.chown(path, *entry["owner"], follow_symlinks=False))
    if entry["type"] != SYMLINK:
        steps.append(lambda: os.chmod(path, entry["mode"]))
    for name, value in entry["xattrs"]:
        steps.append(lambda name=name, value=value: os.setxattr(path, name, value, follow_symlinks=False))
    steps.append(lambda: os.utime(path, ns=(entry["mtime"], entry["mtime"]), follow_symlinks=False))
    for step in steps:
        try:
            step()
        except OSError as e:
            losses.append(f"{entry['path']!r}: {e}")


def restore(store, record, target):
    os.makedirs(target, exist_ok=True)
    need(not os.listdir(target), f"{target} is not empty")
    target, losses, folders, names, last = os.fsencode(target), [], [], {}, None
    for block_id in store.open(record["snapshot"], SNAPSHOT)[0]:
        for entry in read_block(store, block_id):
            parts = entry["path"].split(b"/") if entry["path"] else []
            need(not any(part in (b"", b".", b"..") or b"\0" in part for part in parts), "a path that leads astray")
            need(last is None or last < parts, "paths out of order")
            last = parts
            path = os.path.join(target, *parts)
            for folder in range(1, len(parts)):  # never through a link
                above = os.lstat(os.path.join(target, *parts[:folder]))
                need(stat.S_ISDIR(above.st_mode), f"{entry['path']!r} lies in no folder")
            kind, twin = entry["type"], entry["link"]
            if twin in names:
                os.link(names[twin], path, follow_symlinks=False)
                continue
            if kind == DIRECTORY:
                if parts:
                    os.mkdir(path, 0o700)
                folders.append((entry, path))
                continue
            if kind == FILE:
                write_file(store, entry, path)
            elif kind == SYMLINK:
                os.symlink(entry["target"], path)
            elif kind == FIFO:
                os.mkfifo(path)
            else:
                losses.append(f"{entry['path']!r}: sockets and devices are left out")
                continue
            if twin:
                names[twin] = path
            set_metadata(entry, path, losses)
    for entry, path in reversed(folders):  # last, for writing into a folder changes its time
        set_metadata(entry, path, losses)
    return losses


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data")
    parser.add_argument("snapshot", nargs="?")
    parser.add_argument("target", nargs="?")
    parser.add_argument("--recovery-key", required=True, metavar="FILE")
    parser.add_argument("--realm", help="only this realm")
    parser.add_argument("--keyring", help="a keyring that is not in the data folder")
    args = parser.parse_intermixed_args()
    with sys.stdin if args.recovery_key == "-" else open(args.recovery_key, encoding="utf-8") as source:
        secret = parse_recovery_key(source.read())
    with open(os.path.join(args.data, "holdfast-repository"), encoding="utf-8") as file:
        need(file.readline() == "holdfast repository, format 1\n", "no Holdfast repository of a known format")
    found = []
    for realm in [args.realm] if args.realm else sorted(os.listdir(os.path.join(args.data, "realms"))):
        folder = os.path.join(args.data, "realms", realm)
        with open(args.keyring or os.path.join(folder, "keyring"), "rb") as file:
            key = unwrap_keyring(file.read(), secret)
        for host in sorted(os.listdir(os.path.join(folder, "hosts"))):
            records = read_log(os.path.join(folder, "hosts", host, "snapshots.log"))
            found += [(record, folder, key) for record in records]
    found.sort(key=lambda item: item[0]["received"])
    if not args.snapshot:
        for record, folder, _ in found:
            when = datetime.datetime.fromtimestamp(record["received"] / 1000, datetime.timezone.utc)
            print(record["name"][:8], when.strftime("%Y-%m-%dT%H:%M:%SZ"), os.path.basename(folder),
                  f"{record['host']}/{record['volume']}", record["outcome"], record["files"], record["bytes"])
        return 0
    wanted = found[-1:] if args.snapshot == "latest" else [
        item for item in found if item[0]["name"].startswith(args.snapshot)]
    need(len(wanted) == 1 and args.target, f"{len(wanted)} snapshots are called {args.snapshot}, and into which folder?")
    record, folder, key = wanted[0]
    losses = restore(Store(folder, key), record, args.target)
    for loss in losses:
        print("not restored:", loss, file=sys.stderr)
    return 3 if losses else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (Damage, InvalidTag, OSError, struct.error, ValueError, IndexError) as problem:
        sys.exit(f"error: {type(problem).__name__}: {problem}")
