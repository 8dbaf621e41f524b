// Package klog takes apart the head of a line as klog writes it, the library that
// the components of Kubernetes log with, and knows which lines tell of a request
// over HTTP. It is cheap to refuse: most lines of containers are of others.
//
//	I0607 10:01:02.123456       1 httplog.go:132] "HTTP" verb="GET" URI="/api" ...
//
// Source: k8s.io/klog/v2 (v2.0 to v2.130), klog.go, "Header formatting"; before it
// k8s.io/klog v1 and github.com/golang/glog, whose heads are the same. Standard
// library only.
package klog

import "bytes"

// maxHead is how far into a line its head ends at the latest: the number of the
// thread is padded to seven digits, the rest is the name of a source file.
const maxHead = 160

// Cut takes a line apart: its stamp, "0607 10:01:02.123456", which has neither year nor
// zone, and its message. Both are parts of line. ok is false if it has no head of klog.
// Digits decide nothing beyond the four of the date: an impossible time does not make it
// another line.
func Cut(line []byte) (stamp, message []byte, ok bool) {
	if !begins(line) {
		return nil, nil, false
	}
	end := bytes.Index(line[:min(len(line), maxHead)], []byte("] "))
	if end < 0 {
		return nil, nil, false
	}
	head := line[1:end]
	at := bytes.LastIndexByte(head, ' ')
	clock := bytes.IndexByte(head[5:], ' ')
	if at < 0 || clock < 0 || bytes.LastIndexByte(head[at:], ':') < 0 {
		return nil, nil, false
	}
	return head[:5+clock], line[end+len("] "):], true
}

// begins is what nearly all lines fail at: a severity, and month and day.
func begins(line []byte) bool {
	if len(line) < 24 || line[5] != ' ' {
		return false
	}
	switch line[0] {
	case 'I', 'W', 'E', 'F':
	default:
		return false
	}
	for _, c := range line[1:5] {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// Is reports whether a line is one of klog.
func Is(line []byte) bool {
	_, _, ok := Cut(line)
	return ok
}

// accessMark is what lines of requests begin with since Kubernetes 1.20.
const accessMark = `"HTTP" verb=`

// IsAccess reports whether a line of text tells of a request that a component
// served, with its head or without: what a shipper that understands the head hands
// on of the line.
func IsAccess(line []byte) bool {
	if len(line) > 0 && line[0] == '"' {
		return bytes.HasPrefix(line, []byte(accessMark))
	}
	_, message, ok := Cut(line)
	return ok && ShapeOf(message) != None
}

// headWidth is how long a head is at least, from its severity to the bracket.
const headWidth = len("I0607 10:01:02.123456 1 a:1]")

// Find is where in a text an access line of 1.18 or later begins, with its head; -1 if
// there is none.
func Find(text []byte) int {
	end := bytes.Index(text, []byte("httplog.go:"))
	if end < headWidth-len("a:1]") {
		return -1
	}
	for at := end - headWidth + len("a:1]"); at >= max(0, end-maxHead); at-- {
		if begins(text[at:]) && IsAccess(text[at:]) {
			return at
		}
	}
	return -1
}

// A Shape is how a request is told.
type Shape uint8

// The shapes, by the release that began to write them.
const (
	None    Shape = iota
	Old           // GET /api: (1.2ms) 200 [agent 10.0.0.1:5312]
	Quoted        // verb="GET" URI="/api" latency=1.2ms resp=200 UserAgent="agent" srcIP="10.0.0.1:5312": (1.18)
	Current       // "HTTP" verb="GET" URI="/api" latency="1.2ms" userAgent="agent" ... (1.20)
)

// ShapeOf is the shape of a message of klog. Of Old there is no more to go by than
// the order of its parts.
func ShapeOf(message []byte) Shape {
	switch {
	case len(message) < 8:
	case message[0] == '"':
		if bytes.HasPrefix(message, []byte(accessMark)) {
			return Current
		}
	case message[0] == 'v':
		if bytes.HasPrefix(message, []byte(`verb="`)) {
			return Quoted
		}
	case 'A' <= message[0] && message[0] <= 'Z':
		if isOld(message) {
			return Old
		}
	}
	return None
}

// isOld reports whether a message begins with a method and a path, and has the
// bracket in which the old shape has its duration. What clients of the API log of
// their own requests has a whole URL for the path.
func isOld(message []byte) bool {
	i := 0
	for i < len(message) && 'A' <= message[i] && message[i] <= 'Z' {
		i++
	}
	return i >= len("GET") && i <= len("OPTIONS") && i+1 < len(message) && message[i] == ' ' && message[i+1] == '/' &&
		bytes.Contains(message, []byte(": ("))
}
