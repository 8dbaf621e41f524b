package auditd

import (
	"bytes"
	"math/rand"
	"testing"
)

// TestEscapedRecordsHaveStencils: those of which something has spelled the 0x1D in
// another way on their way, as syslog does with all that it forwards.
func TestEscapedRecordsHaveStencils(t *testing.T) {
	plain := repeated(900, rand.New(rand.NewSource(5)))
	want := sameEitherWay(t, plain)
	for _, escape := range []string{"#035", `\035`, `\x1d`, "^]", "?", "\t", " ", "\ufffd"} {
		var lines [][]byte
		for _, line := range plain {
			lines = append(lines, bytes.ReplaceAll(line, []byte{separator}, []byte(escape)))
		}
		if got := sameEitherWay(t, lines); got.stencils < want.stencils*9/10 || got.like < want.like*9/10 {
			t.Errorf("%q: %d records fitted a stencil and %d events were like another; with 0x1D %d and %d", escape, got.stencils, got.like, want.stencils, want.like)
		}
	}
}
