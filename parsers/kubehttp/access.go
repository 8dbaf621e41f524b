package kubehttp

import (
	"bytes"
	"time"
)

// An access is what a line says of one request, in whichever shape. Its bytes are
// those of the record or of the reader that took it apart.
type access struct {
	verb, uri, agent, source []byte // source is the peer as written, "10.0.0.1:5312"
	status, auditID          []byte
	stamp                    []byte    // "0607 10:01:02.123456", of the head of klog
	ts                       time.Time // of JSON, which tells the whole time
	latency                  []byte
	hijacked                 bool
	pairs                    []pair // all keys of the line, with these, in order

	uriCut     bool // the end of the address is missing
	latencyCut bool
	unclosed   bool // the last quoted value has no end
	dropped    bool // there were more than maxPairs
	ambiguous  bool // an unquoted line that can be read in more than one way
}

// A pair is one key=value of a line, decoded.
type pair struct{ key, value []byte }

// maxPairs is how many pairs of a line are kept. A server writes some fifteen; what
// comes behind is said as a gap, so that a line of a gigabyte of pairs costs no more
// memory than any other.
const maxPairs = 256

func (a *access) reset() { *a = access{pairs: a.pairs[:0]} }

// add enters a pair. Of a key that stands there twice the first counts: values are
// quoted, so whoever sends a request writes no keys of his own.
func (a *access) add(key, value []byte) {
	if len(a.pairs) == maxPairs {
		a.dropped = true
		return
	}
	a.pairs = append(a.pairs, pair{key, value})
	if at := a.slot(key); at != nil && *at == nil {
		*at = value
		return
	}
	if string(key) == "hijacked" {
		a.hijacked = string(value) == "true"
	}
}

// slot is where the value of a key goes; nil if it is none of those that say what a
// request is.
func (a *access) slot(key []byte) *[]byte {
	switch string(key) {
	case "verb":
		return &a.verb
	case "URI":
		return &a.uri
	case "latency":
		return &a.latency
	case "resp":
		return &a.status
	case "userAgent", "UserAgent": // that of 1.18 and 1.19
		return &a.agent
	case "srcIP":
		return &a.source
	case "audit-ID":
		return &a.auditID
	}
	return nil
}

// address is the address of the peer without its port; nil if it is none, as that of
// a socket of the host ("@"), or one of which a middle part was left out.
func (a *access) address() []byte {
	at := bytes.LastIndexByte(a.source, ':')
	if at < 0 {
		return nil
	}
	host := a.source[:at]
	if n := len(host); n > 2 && host[0] == '[' && host[n-1] == ']' {
		host = host[1 : n-1]
	}
	dots := bytes.Count(host, []byte("."))
	if len(host) == 0 || len(host) > 64 || dots != 3 && bytes.IndexByte(host, ':') < 0 || bytes.Contains(host, []byte("..")) {
		return nil
	}
	for _, c := range host {
		switch {
		case '0' <= c && c <= '9', 'a' <= c|0x20 && c|0x20 <= 'f', c == '.', c == ':':
		case c == '%': // the zone of a link-local address follows
			return host
		default:
			return nil
		}
	}
	return host
}

// code is the status as a number, 0 if there is none. A connection that was
// hijacked is one that switched protocols, which is status 101: an exec, an attach,
// a port-forward that was let through.
func (a *access) code() int {
	if a.hijacked {
		return 101
	}
	if len(a.status) != 3 {
		return 0
	}
	n := 0
	for _, c := range a.status {
		if c < '0' || c > '9' {
			return 0
		}
		n = 10*n + int(c-'0')
	}
	return n
}
