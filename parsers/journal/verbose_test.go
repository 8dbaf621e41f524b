package journal

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

const verbose = `-- Journal begins at Tue 2025-02-25 09:11:02 UTC, ends at Sat 2025-03-01 10:00:05 UTC. --
Sat 2025-03-01 10:00:00.123456 CET [s=0a;i=1;b=0b;m=1;t=62f44fc75ca40;x=0c]
    _HOSTNAME=h
    MESSAGE=one
            two
              X=three
    _PID=7
-- Boot 4f0c4f0c4f0c4f0c4f0c4f0c4f0c4f0c --
Sat 2025-03-01 10:00:01.000000 CET [s=0a;i=2;b=0b;m=2;t=62f44fc832a40;x=0d]
    MESSAGE=[3B blob data]
    _HOSTNAME=h
Sat 2025-03-01 10:00:02.000000 CET [s=0a;i=3;b=0b;m=3;t=62f44fc926c80;x=0e]
    MESSAGE=last
`

func TestVerbose(t *testing.T) {
	separator := `3 journal.separator `
	want := []string{
		separator,
		`0  {"MESSAGE":"one\ntwo\n  X=three","_HOSTNAME":"h","_PID":"7","__CURSOR":"s=0a;i=1;b=0b;m=1;t=62f44fc75ca40;x=0c","__REALTIME_TIMESTAMP":"1740823200123456"}`,
		separator,
		`0 journal.field_lost {"MESSAGE":"[3B blob data]","_HOSTNAME":"h","__CURSOR":"s=0a;i=2;b=0b;m=2;t=62f44fc832a40;x=0d","__REALTIME_TIMESTAMP":"1740823201000000"}`,
		`0  {"MESSAGE":"last","__CURSOR":"s=0a;i=3;b=0b;m=3;t=62f44fc926c80;x=0e","__REALTIME_TIMESTAMP":"1740823202000000"}`,
	}
	if !IsExport([]byte(verbose)) || !IsExport([]byte(verbose)[:400]) {
		t.Error("not recognised")
	}
	for name, in := range map[string][]byte{"LF": []byte(verbose), "CRLF": bytes.ReplaceAll([]byte(verbose), []byte("\n"), []byte("\r\n"))} {
		for _, r := range []io.Reader{bytes.NewReader(in), iotest.OneByteReader(bytes.NewReader(in))} {
			got := cutExport(t, r, in, 0)
			for i := range got { // the kind of a note is not this test's
				if strings.Contains(got[i], "journal.separator") {
					got[i] = separator
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: %q", name, got)
			}
		}
	}
}

// Lines that are none of an entry are a gap, and the entries around them are read.
func TestDamagedVerbose(t *testing.T) {
	in := []byte(strings.Replace(verbose, "    _PID=7\n", "    _PID=7\nlost\n", 1))
	got := strings.Join(cutExport(t, bytes.NewReader(in), in, 0), "\n")
	for _, want := range []string{"journal.damaged", `"_PID":"7"`, `"last"`} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
	for n := range in {
		cutExport(t, bytes.NewReader(in[:n]), in[:n], 0)
		cutExport(t, bytes.NewReader(in[n:]), in[n:], 60)
	}
	for _, other := range []string{"Mar 01 10:00:00 h app: x [s=1;t=2]\nnext", "x [s=0;i=1;b=0;m=1;t=2;x=3]\n    lower=x\n", "\n\n", " [s=;t=]\n    A=b\n", ""} {
		if IsExport([]byte(other)) {
			t.Errorf("%q is taken for a journal", other)
		}
	}
}
