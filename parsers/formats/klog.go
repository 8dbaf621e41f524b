package formats

import (
	"bytes"

	"tideline/parsers"
	"tideline/parsers/internal/klog"
)

// A Kubernetes component logs of the requests that it serves between a great many other
// lines. Of those it is known what they are, and that no request is in them, so they
// are no gap: in a container's output they are output, and elsewhere, where no format
// takes them, a note. The head of a line says that it is one; the lines of a stack of
// calls, which stand behind the line of a request that failed, are told by their form.

// codeKlog is of such lines.
const codeKlog = "klog.other"

// ofKlog reports whether a line that no format took is one of klog: bare, behind what
// syslog, a runtime, kubectl or an export of CloudWatch puts before it, or as a text in
// an object of a shipper.
func ofKlog(line []byte) bool {
	if isKlog(line) {
		return true
	}
	if bytes.IndexByte(line, ']') < 0 {
		return false // which stands behind a head, and behind the number of a trace
	}
	head, before := line[:min(len(line), maxKlogPrefix)], byte(' ')
	if line[0] == '{' {
		head, before = line[:min(len(line), maxKlogObject)], '"'
	}
	for at := 0; ; {
		i := bytes.IndexByte(head[at:], before)
		if i < 0 {
			return false
		}
		if at += i + 1; isKlog(line[at:]) {
			return true
		}
	}
}

// isKlog reports whether a line begins like one of klog. Nearly none has its first byte.
func isKlog(line []byte) bool {
	if len(line) == 0 {
		return false
	}
	switch line[0] {
	case 'I', 'W', 'E', 'F':
		return klog.Is(line)
	case 'T':
		return isTrace(line)
	}
	return false
}

// isTrace reports whether a line is a step of a request that took long, as components
// write them, without a head, behind the line of the whole (k8s.io/utils/trace).
func isTrace(line []byte) bool {
	rest, ok := bytes.CutPrefix(line, []byte("Trace["))
	steps := bytes.TrimLeft(rest, "0123456789")
	return ok && len(steps) < len(rest) && bytes.HasPrefix(steps, []byte("]: "))
}

// heldStack is of lines that look like the stack of calls that an access line has
// behind it, as long as it is not known whether the stream has access lines. No remark
// of a stream bears it.
const heldStack = "klog.stack"

// ofStack reports whether a line looks like one of the text of several lines that klog
// writes for the stack of a request that failed (statusStack): indented by a tab, with
// " >" at its end. In Go's own traces only the places in files are.
func ofStack(line []byte) bool {
	if string(line) == " >" {
		return true
	}
	rest, ok := bytes.CutPrefix(line, []byte("\t"))
	if !ok || len(rest) == 0 {
		return ok
	}
	if rest[0] == '\t' {
		return bytes.Contains(rest, []byte(".go:"))
	}
	for _, head := range [...]string{"goroutine ", "created by ", "logging error output: ", "panic("} {
		if bytes.HasPrefix(rest, []byte(head)) {
			return true
		}
	}
	call, _, ok := bytes.Cut(rest, []byte("("))
	return ok && bytes.IndexByte(call, '.') > 0 && bytes.IndexByte(call, ' ') < 0 && rest[len(rest)-1] == ')'
}

// stacks settles what lines that look like stacks are: in a stream with access lines they
// belong to one, and are a note; in another they are of no format.
func (a *account) stacks(formats []*parsers.Format) {
	key := remarkKey{heldStack, true, ofUnclaimed}
	m := a.remarks[key]
	if m == nil {
		return
	}
	delete(a.remarks, key)
	a.bytes.Gaps -= m.Bytes
	r := m.Remark
	r.Code = codeUnknown
	for i, f := range formats {
		if f.Name == accessName && a.recognised[i] > 0 {
			r = parsers.Remark{Code: codeKlog, Pos: r.Pos, Bytes: r.Bytes, Count: r.Count, Reason: klogReason}
		}
	}
	a.remark(r, ofUnclaimed)
}

// accessName is the format of access lines.
const accessName = "kubernetes-http"

// klogReason is why a line of klog is a note.
const klogReason = "a line of a Kubernetes component that is about no request of a client"

// How far into a line that of klog is looked for. Entries of a journal have some twenty
// other fields, in any order.
const (
	maxKlogPrefix = 256
	maxKlogObject = 2048
)
