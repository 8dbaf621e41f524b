package livelog

import (
	"bytes"
	"encoding/json"
	"io"
	"strconv"
)

// cutWindow is how far before its end a file is looked at for a clean cut.
const cutWindow = 64 << 10

// Cut finds the last place in f, between start and end, at which nothing
// is torn apart: a line begins there, the lines around are of a kind that
// cutLineOf knows, and no request or event has lines on both sides. It returns
// 0 if there is none.
func Cut(f io.ReaderAt, start, end int64) int64 {
	from := max(start, end-cutWindow)
	window := make([]byte, end-from)
	if n, err := f.ReadAt(window, from); err != nil || n < len(window) {
		return 0
	}
	if from > 0 && from > start { // at start, a line begins
		skip := bytes.IndexByte(window, '\n') + 1
		if skip == 0 {
			return 0
		}
		from, window = from+int64(skip), window[skip:]
	}
	window = window[:bytes.LastIndexByte(window, '\n')+1]
	return lastCut(window, from)
}

// maxCutLines bounds the lines that are compared with each other.
const maxCutLines = 1000

// lastCut goes over whole lines from the first to the last: a place is clean
// if nothing before it goes on behind it.
func lastCut(window []byte, from int64) int64 {
	var lines []cutLine
	for at := 0; at < len(window); {
		n := bytes.IndexByte(window[at:], '\n')
		l, ok := cutLineOf(window[at : at+n])
		if !ok || len(lines) > 0 && l.kind != lines[0].kind {
			return 0
		}
		l.at = at
		lines = append(lines, l)
		at += n + 1
	}
	lines = lines[max(0, len(lines)-maxCutLines):]
	best, reach := 0, -1
	for i := range lines {
		if reach < i {
			best = lines[i].at
		}
		for j := len(lines) - 1; j > max(i, reach); j-- {
			if lines[i].goesOn(&lines[j]) {
				reach = j
				break
			}
		}
		reach = max(reach, i)
	}
	if best == 0 {
		return 0
	}
	return from + int64(best)
}

// A cutLine is what matters of a line.
type cutLine struct {
	kind   cutKind
	id     string // of the request, or of the machine that numbers events
	serial uint64
	at     int
}

type cutKind int

const (
	byAuditID cutKind = iota + 1 // a Kubernetes audit event
	bySerial                     // a record of auditd
	byLine                       // a line that stands for itself
)

// goesOn reports whether a later line may belong to l, or to something that
// began before it.
func (l *cutLine) goesOn(o *cutLine) bool {
	switch l.kind {
	case byAuditID:
		return l.id == o.id
	case bySerial: // numbers rise, but where events overlap
		return l.id == o.id && o.serial <= l.serial
	}
	return false
}

// cutLineOf recognises the lines that a cut may stand between: Kubernetes audit
// events, one a line; records of auditd; whole lines of container output as
// containerd, CRI-O and Docker keep them; Docker events; lines of dockerd.
func cutLineOf(line []byte) (cutLine, bool) {
	head := line[:min(len(line), 512)]
	if l, ok := auditLine(head); ok {
		return l, true
	}
	if len(line) > 0 && line[0] == '{' {
		return jsonLine(line)
	}
	whole := wholeOutputLine(head) || bytes.Contains(head, []byte(`time="`)) && bytes.Contains(head, []byte(` level=`))
	return cutLine{kind: byLine}, whole
}

// auditLine reads "node=N type=T msg=audit(SECONDS:SERIAL)".
func auditLine(head []byte) (cutLine, bool) {
	before, rest, ok := bytes.Cut(head, []byte("msg=audit("))
	stamp, _, closed := bytes.Cut(rest, []byte(")"))
	colon := bytes.LastIndexByte(stamp, ':')
	if !ok || !closed || colon < 0 {
		return cutLine{}, false
	}
	serial, err := strconv.ParseUint(string(stamp[colon+1:]), 10, 64)
	node := ""
	if i := bytes.Index(before, []byte("node=")); i >= 0 {
		name, _, _ := bytes.Cut(before[i:], []byte(" "))
		node = string(name)
	}
	return cutLine{kind: bySerial, id: node, serial: serial}, err == nil
}

// jsonLine reads a line that is one object.
func jsonLine(line []byte) (cutLine, bool) {
	var x struct {
		ID   string          `json:"auditID"`
		Log  string          `json:"log"`
		Nano json.RawMessage `json:"timeNano"`
	}
	if err := json.Unmarshal(line, &x); err != nil {
		return cutLine{}, false
	}
	if x.ID != "" {
		return cutLine{kind: byAuditID, id: x.ID}, true
	}
	whole := len(x.Nano) > 0 || len(x.Log) > 0 && x.Log[len(x.Log)-1] == '\n'
	return cutLine{kind: byLine}, whole
}

// wholeOutputLine recognises "TIME stdout F message".
func wholeOutputLine(head []byte) bool {
	fields := bytes.SplitN(head, []byte(" "), 4)
	return len(fields) == 4 && len(fields[0]) > 19 && fields[0][4] == '-' && fields[0][10] == 'T' &&
		(string(fields[1]) == "stdout" || string(fields[1]) == "stderr") && string(fields[2]) == "F"
}
