package auditd

import (
	"bytes"
	"fmt"
	"math/rand"
	"testing"
)

// TestPlainHeadsAreReadAsAny: the quick reading of a head, with and without a stamp
// that is remembered, says what the thorough one says, or nothing.
func TestPlainHeadsAreReadAsAny(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	pieces := []string{"type=", "SYSCALL", "UNKNOWN[1300]", " ", "  ", "\t", "msg=", "audit(", "1740823200", ".", "123", "12", "1234", "000", ":", "42", "18446744073709551616", "99999999999", ")", "):",
		" :", ": a=1 b=\"x\"", "node=h ", "03/01/2025 10:00:00", "x"}
	sound := []string{"node=h.example type=SYSCALL msg=audit(1740823200.123:42): arch=c000003e", "node= type=SYSCALL msg=audit(1740823200.123:42): x", "node=a\tb type=SYSCALL msg=audit(1740823200.123:42): x", "node=a  type=SYSCALL msg=audit(1740823200.123:42): x",
		"type=SYSCALL msg=audit(1740823200.123:42): arch=c000003e", "type=CWD msg=audit(0.001:0):", "type= msg=audit(1740823200.123:42): x", "type=A\tB msg=audit(1740823200.123:42): x",
		"type=PATH  msg=audit(1740823200.123:42): x", "type=PATH msg=audit(1740823200.123:42) : x", "type=PATH msg=audit(1740823200.123:042): x", "type=PATH msg=audit(01740823200.123:42): x"}
	var memo stampMemo
	read := 0
	for i := range 40000 {
		var line []byte
		if r.Intn(3) == 0 {
			for range r.Intn(14) {
				line = append(line, pieces[r.Intn(len(pieces))]...)
			}
		} else {
			line = []byte(sound[r.Intn(len(sound))])
			for range r.Intn(3) {
				at, piece := r.Intn(len(line)), pieces[r.Intn(len(pieces))]
				line = append(bytes.Clone(line[:at]), append([]byte(piece), line[min(len(line), at+r.Intn(3)):]...)...)
			}
		}
		want, wantOK := thoroughHeader(line, new(stampMemo))
		for _, known := range []*stampMemo{new(stampMemo), &memo} {
			got, ok := plainHeader(line, known)
			if ok && (!wantOK || fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want)) {
				t.Fatalf("%d: %q: %+v, want %+v (%v)", i, line, got, want, wantOK)
			}
			if ok {
				read++
			}
		}
	}
	if read < 5000 {
		t.Errorf("only %d heads were plain", read)
	}
}
