package formats

import (
	"bytes"

	"tideline/parsers/internal/klog"
)

// A Kubernetes component logs of the requests that it serves between a great many other
// lines. Of those it is known what they are, and that no request is in them, so they
// are no gap: in a container's output they are output, and elsewhere, where no format
// takes them, a note. Only the head of a line says that it is one; the texts of several
// lines that some have behind them stay what they were.

// codeKlog is of such lines.
const codeKlog = "klog.other"

// ofKlog reports whether a line that no format took is one of klog, bare, behind the
// prefix of syslog, or as the message of an entry of "journalctl -o json".
func ofKlog(line []byte) bool {
	if klog.Is(line) {
		return true
	}
	head := line[:min(len(line), maxKlogPrefix)]
	for _, before := range [...]string{"]: ", `"MESSAGE":"`, `"MESSAGE" : "`} {
		if i := bytes.Index(head, []byte(before)); i >= 0 {
			return klog.Is(line[i+len(before):])
		}
	}
	return false
}

// maxKlogPrefix is how far into a line that of klog is looked for: entries of a journal
// have some twenty other fields, in any order.
const maxKlogPrefix = 2048
