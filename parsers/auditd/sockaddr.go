package auditd

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"strconv"
)

// Address families (linux/socket.h). The first two bytes of an address are in
// the byte order of the machine; everything behind them in network order.
const (
	familyUnix    = 1
	familyInet    = 2
	familyInet6   = 10
	familyNetlink = 16
	familyPacket  = 17
	familyVsock   = 40
)

// A sockaddr is what a SOCKADDR record says. Parts that a family lacks are nil.
type sockaddr struct {
	family []byte // "unix", "inet", "inet6", ...; the number of one without a name
	ip     []byte
	port   []byte
	path   []byte // an abstract name begins with "@"; nil if unnamed
}

// inet reports whether the address is one of the Internet.
func (s *sockaddr) inet() bool { return s.ip != nil }

var familyNames = map[uint16][]byte{
	familyUnix: []byte("unix"), familyInet: []byte("inet"), familyInet6: []byte("inet6"),
	familyNetlink: []byte("netlink"), familyPacket: []byte("packet"), familyVsock: []byte("vsock"),
}

// readSockaddr reads the bytes of an address. little says in which order the
// machine keeps numbers. Texts that are made are appended to dst.
func readSockaddr(dst, b []byte, little bool) (s sockaddr, rest []byte) {
	if len(b) < 2 {
		return s, dst
	}
	n := binary.BigEndian.Uint16(b)
	if little {
		n = binary.LittleEndian.Uint16(b)
	}
	if s.family = familyNames[n]; s.family == nil {
		at := len(dst)
		s.family, dst = made(strconv.AppendUint(dst, uint64(n), 10), at)
		return s, dst
	}
	switch {
	case n == familyUnix:
		s.path, dst = unixPath(dst, b[2:])
	case n == familyInet && len(b) >= 8:
		s.port, dst = made(strconv.AppendUint(dst, uint64(binary.BigEndian.Uint16(b[2:])), 10), len(dst))
		s.ip, dst = made(netip.AddrFrom4([4]byte(b[4:8])).AppendTo(dst), len(dst))
	case n == familyInet6 && len(b) >= 24:
		s.port, dst = made(strconv.AppendUint(dst, uint64(binary.BigEndian.Uint16(b[2:])), 10), len(dst))
		s.ip, dst = made(netip.AddrFrom16([16]byte(b[8:24])).Unmap().AppendTo(dst), len(dst))
	}
	return s, dst
}

// unixPath is the path of a socket, up to its first NUL: what is behind that is
// what the caller's memory held.
func unixPath(dst, b []byte) (path, rest []byte) {
	if len(b) > 1 && b[0] == 0 {
		name := b[1:]
		if i := bytes.IndexByte(name, 0); i >= 0 {
			name = name[:i]
		}
		if len(name) == 0 {
			return nil, dst
		}
		at := len(dst)
		return made(append(append(dst, '@'), name...), at)
	}
	if i := bytes.IndexByte(b, 0); i >= 0 {
		b = b[:i]
	}
	if len(b) == 0 {
		return nil, dst
	}
	at := len(dst)
	return made(append(dst, b...), at)
}

// made returns what was appended to a buffer from at on, and the buffer.
func made(buf []byte, at int) (part, whole []byte) { return buf[at:len(buf):len(buf)], buf }

// socket reads the event's address, from its SOCKADDR record.
func (rd *reading) socket() *sockaddr {
	if rd.sockRead {
		return &rd.sock
	}
	rd.sockRead, rd.sock = true, sockaddr{}
	r := rd.g.record(typeSockaddr)
	if r == nil {
		return &rd.sock
	}
	if r.stencil != nil {
		if raw := r.stencil.raw(rd.g, r, idSaddr); raw != nil {
			rd.readSocket(raw)
		}
		return &rd.sock
	}
	fields := rd.g.of(r)
	for i := range fields {
		if f := &fields[i]; f.id == idSaddr && rd.sock.family == nil {
			rd.readSocket(rd.g.text(f.value))
		}
	}
	return &rd.sock
}

// readSocket reads an address in code or as the log's writer interpreted it.
func (rd *reading) readSocket(raw []byte) {
	at := len(rd.scratch)
	if out, ok := unhex(rd.scratch, raw, true); ok {
		rd.sock, rd.scratch = readSockaddr(out, out[at:], rd.little())
		return
	}
	rd.sock = interpretedSockaddr(raw)
}

// little reports the byte order of the machine. Without an architecture it is
// taken for a little-endian one: nearly all are.
func (rd *reading) little() bool {
	return rd.arch == 0 || rd.arch&archLittle != 0
}

// interpretedSockaddr reads { saddr_fam=inet laddr=1.2.3.4 lport=53 } and
// { saddr_fam=local path=/run/docker.sock }; older releases write fam=, or
// inet host:1.2.3.4 serv:53 and local /run/docker.sock.
func interpretedSockaddr(s []byte) (a sockaddr) {
	s = bytes.Trim(bytes.TrimSpace(s), "{}")
	if i := bytes.Index(s, []byte("path=")); i >= 0 {
		a.path = bytes.TrimSpace(s[i+len("path="):])
		s = s[:i]
	}
	if first, rest := word(s); string(first) == "local" {
		a.family, a.path = familyNames[familyUnix], rest
		return a
	}
	for len(s) > 0 {
		var part []byte
		part, s = word(bytes.TrimLeft(s, " "))
		a.readPart(part)
	}
	return a
}

// readPart reads laddr=1.2.3.4 or, of older releases, host:1.2.3.4.
func (a *sockaddr) readPart(part []byte) {
	at := bytes.IndexAny(part, "=:")
	if at < 0 {
		if string(part) == "inet" || string(part) == "inet6" || string(part) == "netlink" {
			a.family = part
		}
		return
	}
	switch value := part[at+1:]; string(part[:at]) {
	case "saddr_fam", "fam":
		a.family = value
		if string(value) == "local" {
			a.family = familyNames[familyUnix]
		}
	case "laddr", "host":
		a.ip = value
	case "lport", "serv":
		a.port = value
	}
}
