package formats

import (
	"encoding/binary"
	"slices"
	"strings"
	"testing"
)

// localEntry is an entry of Docker's local driver; more: it is a part and not the last.
func localEntry(line string, more bool) []byte {
	m := append([]byte("\x0a\x06stdout\x10"), binary.AppendUvarint(nil, 1772359202500000000)...)
	m = append(binary.AppendUvarint(append(m, 0x1a), uint64(len(line))), line...)
	if more {
		m = append(m, 0x20, 1, 0x2a, 2, 0x08, 0)
	}
	size := binary.BigEndian.AppendUint32(nil, uint32(len(m)))
	return append(append(size, m...), size...)
}

// TestLocalLog: what a container printed is read where Docker's local driver keeps it,
// also a record that was parted.
func TestLocalLog(t *testing.T) {
	event := `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"a1","stage":"ResponseComplete","requestURI":"/api/v1/secrets","verb":"list","user":{"username":"alice"},"requestReceivedTimestamp":"2026-03-01T10:00:07.000000Z"}`
	text := slices.Concat(localEntry("TOKEN=x", false), localEntry(event[:99], true), localEntry(event[99:], false), localEntry("bye", false))
	pad, a := readJournal(t, text)
	slices.Sort(pad.events)
	want := []string{"container-log  1 10:00:02.5", "container-log  4 10:00:02.5", "kubernetes-audit  2 10:00:07"}
	if !slices.Equal(pad.events, want) || len(pad.gaps) > 0 || !strings.HasPrefix(a.Envelope, "docker-local") {
		t.Errorf("events %q, gaps %v, account %+v", pad.events, pad.gaps, a)
	}
	pad, _ = readJournal(t, append(text[:len(text)-3:len(text)-3], "xyz"...))
	if len(pad.events) != 2 || !slices.Contains(pad.gaps, "container.damaged") {
		t.Errorf("damaged: events %q, gaps %v", pad.events, pad.gaps)
	}
}
