package sigma

import (
	"bytes"
	"fmt"
	"net/netip"
	"strconv"
	"time"
)

// A test is one question about one value. It is immutable, shared between
// goroutines, and allocates nothing.
type test interface {
	// holds reports whether the value, which is not null, passes. Where
	// folded is true the value comes as fold writes it.
	holds(value []byte, sc *Scratch) bool
	folded() bool
	// String is the pattern as shown to a reader; with the type of the test
	// it identifies it.
	String() string
}

// shape says where in a value a literal stands.
type shape uint8

const (
	whole shape = iota
	prefix
	suffix
	within
)

// literal compares with a text, at the place that shape says.
type literal struct {
	shape shape
	text  []byte // folded unless cased
	cased bool
	show  string
}

func (l *literal) folded() bool   { return !l.cased }
func (l *literal) String() string { return l.show }

func (l *literal) holds(v []byte, _ *Scratch) bool { return l.shape.holds(v, l.text) }

func (s shape) holds(v, text []byte) bool {
	switch s {
	case prefix:
		return bytes.HasPrefix(v, text)
	case suffix:
		return bytes.HasSuffix(v, text)
	case within:
		return bytes.Contains(v, text)
	}
	return bytes.Equal(v, text)
}

// present holds for every value: the pattern *.
type present struct{}

func (present) folded() bool                    { return false }
func (present) String() string                  { return "*" }
func (present) holds(_ []byte, _ *Scratch) bool { return true }

// wild matches a pattern with wildcards inside.
type wild struct {
	glob  *glob
	cost  int // steps that a byte may take
	cased bool
	show  string
}

func (w *wild) folded() bool   { return !w.cased }
func (w *wild) String() string { return w.show }

func (w *wild) holds(v []byte, sc *Scratch) bool {
	return sc.spend(len(v)*w.cost) && w.glob.match(v)
}

// number compares by value, so that 80 equals 80.0.
type number struct {
	text []byte // as appendDecimal writes it
	show string
}

func (n *number) folded() bool   { return false }
func (n *number) String() string { return n.show }

func (n *number) holds(v []byte, sc *Scratch) bool {
	if bytes.Equal(v, n.text) {
		return true
	}
	d, ok := appendDecimal(sc.decimal[:0], v)
	sc.decimal = d
	return ok && bytes.Equal(d, n.text)
}

// network holds for addresses of a prefix. An IPv4 address written as IPv6
// (::ffff:10.0.0.1) is that IPv4 address.
type network struct {
	prefix netip.Prefix
	show   string
}

func (n *network) folded() bool   { return false }
func (n *network) String() string { return n.show }

func (n *network) holds(v []byte, sc *Scratch) bool {
	addr, ok := sc.address(v)
	return ok && n.prefix.Contains(addr)
}

// maxAddress is the longest text that can be an address: IPv6 with an IPv4
// tail and a zone.
const maxAddress = 64

// address reads an IP address; several networks usually ask for the same.
func (sc *Scratch) address(v []byte) (netip.Addr, bool) {
	if len(v) > maxAddress {
		return netip.Addr{}, false
	}
	if sc.addrOf == nil || !bytes.Equal(sc.addrOf, v) {
		sc.addrOf = append(sc.addrOf[:0], v...)
		if sc.addrOf == nil {
			sc.addrOf = []byte{}
		}
		sc.addr, sc.addrOK = readAddress(v)
	}
	return sc.addr, sc.addrOK
}

// readAddress is netip.ParseAddr without an allocation for IPv4.
func readAddress(v []byte) (netip.Addr, bool) {
	if bytes.IndexByte(v, ':') >= 0 {
		a, err := netip.ParseAddr(string(v))
		return a.WithZone("").Unmap(), err == nil
	}
	var quad [4]byte
	part, count, have := 0, 0, false
	for _, c := range v {
		switch {
		case c == '.' && have && count < 3:
			quad[count] = byte(part)
			part, have = 0, false
			count++
		case c >= '0' && c <= '9' && !(have && part == 0):
			part, have = part*10+int(c-'0'), true
			if part > 255 {
				return netip.Addr{}, false
			}
		default:
			return netip.Addr{}, false
		}
	}
	quad[3] = byte(part)
	return netip.AddrFrom4(quad), have && count == 3
}

// comparison orders numbers.
type comparison struct {
	op   string // lt, lte, gt, gte, or eq
	than []byte // as appendLoose writes it
	show string
}

func (c *comparison) folded() bool   { return false }
func (c *comparison) String() string { return c.show }

func (c *comparison) holds(v []byte, sc *Scratch) bool {
	d, ok := appendLoose(sc.decimal[:0], v)
	sc.decimal = d
	return ok && c.orders(compareDecimals(d, c.than))
}

// orders reports whether sign, of value minus bound, fits the operator.
func (c *comparison) orders(sign int) bool {
	switch c.op {
	case "lt":
		return sign < 0
	case "lte":
		return sign <= 0
	case "gt":
		return sign > 0
	case "gte":
		return sign >= 0
	}
	return sign == 0
}

// clock compares one part of a time as it is written: no zone is converted.
type clock struct {
	part string // minute, hour, day, week, month or year
	comparison
}

func (c *clock) String() string { return c.part + " " + c.show }

func (c *clock) holds(v []byte, sc *Scratch) bool {
	n, ok := timePart(v, c.part)
	if !ok {
		return false
	}
	sc.decimal = strconv.AppendInt(sc.decimal[:0], int64(n), 10)
	return c.orders(compareDecimals(sc.decimal, c.than))
}

// timePart reads RFC 3339 and its usual variants (a blank for T, no zone, no
// time of day), or the time since 1970 in UTC, and returns one part; week is
// the ISO 8601 week.
func timePart(v []byte, part string) (int, bool) {
	v = bytes.TrimSpace(v)
	if t, ok := epoch(v); ok {
		return partOf(t, part), true
	}
	year, ok1 := fixed(v, 0, 4)
	month, ok2 := fixed(v, 5, 7)
	day, ok3 := fixed(v, 8, 10)
	if !ok1 || !ok2 || !ok3 || v[4] != v[7] || v[4] != '-' && v[4] != '/' || month < 1 || month > 12 || day < 1 || day > 31 {
		return 0, false
	}
	switch part {
	case "year":
		return year, true
	case "month":
		return month, true
	case "day":
		return day, true
	case "week":
		_, week := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC).ISOWeek()
		return week, true
	}
	hour, ok1 := fixed(v, 11, 13)
	minute, ok2 := fixed(v, 14, 16)
	if !ok1 || !ok2 || v[13] != ':' || v[10]|0x20 != 't' && v[10] != ' ' || hour > 23 || minute > 59 {
		return 0, false
	}
	if part == "hour" {
		return hour, true
	}
	return minute, true
}

// epoch reads a time since 1970 in seconds, milliseconds, microseconds or
// nanoseconds, told apart by the number of digits, with or without a fraction.
func epoch(v []byte) (time.Time, bool) {
	whole, rest := digits(v)
	if len(rest) > 0 && rest[0] == '.' {
		_, rest = digits(rest[1:])
	}
	if len(rest) > 0 || len(whole) < 9 || len(whole) > 19 {
		return time.Time{}, false
	}
	n := int64(0)
	for _, c := range whole {
		n = n*10 + int64(c-'0')
	}
	switch {
	case len(whole) <= 11:
		return time.Unix(n, 0).UTC(), true
	case len(whole) <= 14:
		return time.UnixMilli(n).UTC(), true
	case len(whole) <= 17:
		return time.UnixMicro(n).UTC(), true
	}
	return time.Unix(0, n).UTC(), n >= 0 // beyond 2262 there is no such number
}

// partOf is a part of a time, by the name of the modifier that asks for it.
func partOf(t time.Time, part string) int {
	switch part {
	case "year":
		return t.Year()
	case "month":
		return int(t.Month())
	case "day":
		return t.Day()
	case "week":
		_, week := t.ISOWeek()
		return week
	case "hour":
		return t.Hour()
	}
	return t.Minute()
}

// fixed reads the digits v[i:j].
func fixed(v []byte, i, j int) (n int, ok bool) {
	if len(v) < j {
		return 0, false
	}
	for _, c := range v[i:j] {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}

// appendIdentity tells tests apart: equal identities mean equal answers.
func appendIdentity(dst []byte, t test) []byte {
	switch t := t.(type) {
	case *literal:
		dst = append(dst, 'l', '0'+byte(t.shape))
		return append(strconv.AppendBool(dst, t.cased), t.text...)
	case *wild:
		return fmt.Appendf(dst, "w%t%q", t.cased, t.glob.key())
	case *number:
		return append(append(dst, 'n'), t.text...)
	case *clock:
		return fmt.Appendf(dst, "t%s %s %s", t.part, t.op, t.than)
	case *comparison:
		return fmt.Appendf(dst, "c%s %s", t.op, t.than)
	case *expression:
		return append(append(dst, 'e'), t.key...)
	case *network:
		return t.prefix.AppendTo(append(dst, 'a'))
	}
	return append(dst, '*')
}
