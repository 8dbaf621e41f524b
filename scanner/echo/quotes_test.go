package echo

import (
	"strings"
	"testing"

	"tideline/scanner/spill"
)

func TestQuotesWithoutRoomSayWhatHelps(t *testing.T) {
	file, err := spill.UnnamedFile()
	if err != nil {
		t.Fatal(err)
	}
	file.Close() // nothing can be written
	q := quotes{file: file, buf: []byte("x")}
	if err := q.flush(); err == nil || !strings.Contains(err.Error(), ", or set TMPDIR to another folder)") {
		t.Error(err)
	}
}
